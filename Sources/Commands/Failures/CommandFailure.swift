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
    self.message = Self.singleLine(message)
  }

  /// The message.
  package var description: String { message }

  /// A text in one line: its lines, trimmed, with single spaces between them, and control characters made visible.
  package static func singleLine(_ text: String) -> String { VisibleText.line(text) }

  /// A text with its control characters, line breaks among them, made visible: an escape sequence in a name that somebody else
  /// chose must not reach the terminal.
  package static func visible(_ text: String) -> String { VisibleText.of(text) }
}
