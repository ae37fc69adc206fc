internal import VectorKernels

/// The vector instructions that the C kernels and the portable product use in this process.
///
/// They are chosen once, when the program is loaded: the best that the processor has, limited by the environment
/// variable `JACQUARD_VECTORS`. The choice never changes a result of the portable product; the variable exists to
/// verify this.
public enum VectorInstructions: String, CaseIterable, Codable, Sendable {
  /// The architecture's baseline: SSE2 or NEON.
  case plain
  /// AVX2 with fused multiply-add.
  case avx2
  /// AVX-512 with its extensions for bytes, words, doublewords and shorter vectors.
  case avx512

  /// The instructions that this process uses.
  public static var current: VectorInstructions {
    allCases.last { $0.level <= vk_vector_level() } ?? .plain
  }

  /// The instructions that this process may use, in ascending order.
  package static var available: [VectorInstructions] { allCases.filter { $0.level <= vk_vector_level() } }

  /// Its number in the C kernels.
  var level: Int32 {
    switch self {
    case .plain: 0
    case .avx2: 3
    case .avx512: 4
    }
  }
}
