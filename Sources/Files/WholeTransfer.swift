import Glibc

/// Repeats partial transfers until all bytes are transferred.
///
/// `write` may accept only some of the bytes, or be interrupted by a signal before it accepts any. The loop is separate
/// from the system call, so that tests can cover every outcome.
package enum WholeTransfer {
  /// Calls `step` with the number of bytes done so far until `count` bytes are done.
  ///
  /// - Parameters:
  ///   - count: the number of bytes to move.
  ///   - step: moves some of the rest and returns how many bytes it moved.
  /// - Throws: the first error of `step` that is not an interruption, and `EIO` when a step moves nothing.
  package static func run(count: Int, step: (_ done: Int) throws(SystemCode) -> Int) throws(SystemCode) {
    var done = 0
    while done < count {
      do throws(SystemCode) {
        let moved = try step(done)
        // No progress and no error: the loop would never end.
        if moved == 0 { throw SystemCode(rawValue: EIO) }
        done += moved
      } catch {
        if error.rawValue != EINTR { throw error }
      }
    }
  }
}
