internal import Support
internal import VectorKernels

/// The C kernels behind span signatures: every length is checked here, so that no caller needs to be unsafe.
enum Kernels {
  /// Runs `body` with denormal numbers treated as zero, and leaves the thread as it was: Adam's second moments become
  /// denormal and slow otherwise, but the caller's own arithmetic must not change.
  static func flushingDenormals<Result>(_ body: () -> Result) -> Result {
    let mode = vk_flush_denormals_to_zero()
    defer { vk_restore_floating_point_mode(mode) }
    return body()
  }

  static func requireCount(_ count: Int, holds needed: Int, _ name: StaticString) {
    require(count >= needed, "\(name): \(needed) elements are needed, found \(count)")
  }
}
