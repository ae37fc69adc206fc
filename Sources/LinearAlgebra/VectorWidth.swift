/// The vector width of kernels, from the narrowest; each width is about twice as fast as the previous one.
package enum VectorWidth: Int, CaseIterable, Comparable, Sendable {
  /// 128 bits, which every 64-bit x86 or ARM processor has.
  case sse
  /// 256 bits, with separate multiplication and addition.
  case avx
  /// 256 bits, with fused multiply-add.
  case avx2
  /// 512 bits.
  case avx512

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The instructions that kernels of this width need.
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
