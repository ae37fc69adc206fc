internal import Support

/// A failure of a command as one line: what happened, where, and what to do.
package struct CommandFailure: Error, CustomStringConvertible, Sendable {
  /// The exit code.
  package let status: ExitStatus
  /// What happened, where, and what to do, in one line.
  package let message: String

  /// Makes a failure; line breaks in the message (a file name may contain them) become spaces.
  package init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = VisibleText.line(message)
  }

  /// The failure for an error of any target.
  package init(describing error: any Error) {
    let (kind, text) = CommandLineWording().description(of: error)
    self.init(ExitStatus(kind), text)
  }

  /// The message.
  package var description: String { message }
}

extension Failure {
  /// The text to show.
  var text: String { CommandFailure(describing: self).message }
}
