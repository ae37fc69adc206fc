internal import Support
internal import VectorKernels

/// The C kernels behind span signatures. Every length is checked here, so callers need no unsafe code.
enum Kernels {
  /// Runs `body` with denormal numbers treated as zero, then restores the thread's mode. Adam's second moments
  /// become denormal and slow otherwise, but the caller's arithmetic must not change.
  /// denormal and slow otherwise, but the caller's own arithmetic must not change.
  static func flushingDenormals<Result>(_ body: () -> Result) -> Result {
    let mode = vk_flush_denormals_to_zero()
    defer { vk_restore_floating_point_mode(mode) }
    return body()
  }

  static func requireCount(_ count: Int, holds needed: Int, _ name: StaticString) {
    require(count >= needed, "\(name): needs \(needed) elements, found \(count)")
  }
}
