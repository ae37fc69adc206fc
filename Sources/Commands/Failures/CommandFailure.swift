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
  package static func singleLine(_ text: String) -> String {
    let lines = text.split(whereSeparator: \.isNewline).map { line in
      line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
    }
    var result = ""
    for line in lines where !line.isEmpty {
      if !result.isEmpty { result += " " }
      for scalar in line.flatMap(\.unicodeScalars) {
        // An escape sequence in a file's name must not reach the terminal.
        if scalar.value < 32 || scalar.value == 127 {
          result += scalar.escaped(asASCII: true)
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }
}
