/// How wide the vectors are that kernels compute with, from the narrowest; each about doubles the speed of the one before.
package enum VectorWidth: Int, CaseIterable, Comparable, Sendable {
  /// 128 bits, as every 64-bit processor of this kind has them.
  case sse
  /// 256 bits, multiplied and added by two instructions.
  case avx
  /// 256 bits, multiplied and added by one.
  case avx2
  /// 512 bits.
  case avx512

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The instructions that such kernels need at least.
  package var needs: Processor.Instructions {
    switch self {
    case .sse: []
    case .avx: [.avx]
    case .avx2: [.avx2, .fma]
    case .avx512: [.avx2, .fma, .avx512]
    }
  }

  /// The name that people know.
  package var name: String {
    switch self {
    case .sse: "SSE"
    case .avx: "AVX"
    case .avx2: "AVX2"
    case .avx512: "AVX-512"
    }
  }
}
