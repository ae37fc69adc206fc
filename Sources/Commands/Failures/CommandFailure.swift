internal import Support

/// A failure of a command, as it is shown: one line that says what happened, where, and what to do about it.
package struct CommandFailure: Error, CustomStringConvertible, Sendable {
  /// The exit code.
  package let status: ExitStatus
  /// What happened, where, and what to do; never more than one line.
  package let message: String

  /// Makes a failure; line breaks in the message, which may come from a file's name, become spaces.
  package init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = VisibleText.line(message)
  }

  /// The failure that an error of any target amounts to.
  package init(describing error: any Error) {
    let (kind, text) = CommandLineWording().description(of: error)
    self.init(ExitStatus(kind), text)
  }

  /// The message.
  package var description: String { message }
}

extension Failure {
  /// What is shown of it.
  var text: String { CommandFailure(describing: self).message }
}
