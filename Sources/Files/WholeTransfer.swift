import Glibc

/// Repeats a partial transfer until all of it is done.
///
/// `write` may take fewer bytes than it was given, or be interrupted by a signal before it took any. The loop is kept apart from
/// the system call, so that tests can give it every such answer.
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
        // Nothing moved and no error either: a loop would never end.
        if moved == 0 { throw SystemCode(rawValue: EIO) }
        done += moved
      } catch {
        if error.rawValue != EINTR { throw error }
      }
    }
  }
}
