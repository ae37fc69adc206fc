/// The width of the vectors that kernels use, from the narrowest; each about doubles the speed of the previous one.
package enum VectorWidth: Int, CaseIterable, Comparable, Sendable {
  /// 128 bits, which every 64-bit processor of this kind has.
  case sse
  /// 256 bits, multiplied and added by two instructions.
  case avx
  /// 256 bits, multiplied and added by one.
  case avx2
  /// 512 bits.
  case avx512

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The instructions that such kernels need.
  package var needs: Processor.Instructions {
    switch self {
    case .sse: []
    case .avx: [.avx]
    case .avx2: [.avx2, .fma]
    case .avx512: [.avx2, .fma, .avx512]
    }
  }

  /// The usual name.
  package var name: String {
    switch self {
    case .sse: "SSE"
    case .avx: "AVX"
    case .avx2: "AVX2"
    case .avx512: "AVX-512"
    }
  }
}
