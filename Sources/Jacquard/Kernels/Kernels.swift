internal import BLAS
internal import VectorKernels

/// The C kernels behind span signatures: every length is checked here, so that no caller needs to be unsafe.
enum Kernels {
  /// Makes this thread treat denormal numbers as zero; Adam's second moments become denormal and slow otherwise.
  static func flushDenormalsToZero() { vk_flush_denormals_to_zero() }

  static func requireCount(_ count: Int, holds needed: Int, _ name: StaticString) {
    require(count >= needed, "\(name): \(needed) elements are needed, found \(count)")
  }
}
