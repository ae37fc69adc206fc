internal import Glibc

/// Stops the process with a message if the caller violates a precondition.
///
/// `precondition` drops its message in a release build, which is what users run; this function prints the message to
/// standard error first. The condition is evaluated in every build, the message only on failure.
///
/// - Parameters:
///   - condition: The condition that must be true.
///   - message: What was wrong: the argument's name, what was expected, what was found.
@inline(__always)
package func require(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { failPrecondition(message()) }
}

/// Stops the process with a message after a caller's mistake that leaves nothing to return.
///
/// Not inlined, so that `require` costs its caller one comparison and one branch that is never taken.
@inline(never)
package func failPrecondition(_ message: String) -> Never {
  let line = Array("Precondition failed: \(message)\n".utf8)
  // The process is about to end; if standard error is closed, the message is lost.
  _ = unsafe line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
  preconditionFailure(message)
}
