internal import Glibc

/// Stops the process with a message when a condition that the caller had to meet does not hold.
///
/// `precondition` drops its message in a release build, and a release build is what users run: here the message reaches
/// standard error first. The condition is evaluated in every build, the message only when it is needed.
///
/// - Parameters:
///   - condition: What must hold.
///   - message: What was wrong: the argument's name, what was expected, what was found.
@inline(__always)
package func require(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { failPrecondition(message()) }
}

/// Stops the process with a message, where the caller's mistake leaves nothing to return.
///
/// Out of line, so that `require` costs its caller one compare and one branch that is never taken.
@inline(never)
package func failPrecondition(_ message: String) -> Never {
  let line = Array("Precondition failed: \(message)\n".utf8)
  // The process is about to end: there is no one left to tell that standard error is closed.
  _ = unsafe line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
  preconditionFailure(message)
}
