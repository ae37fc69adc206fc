internal import Support
internal import Terminal

/// Something that `doctor` would change.
struct Problem: Sendable {
  /// How serious it is.
  enum Severity: String, Sendable {
    /// It works, but not as well as it could.
    case warning
    /// Something that is needed is not there.
    case missing
  }

  /// How serious it is.
  let severity: Severity
  /// What is wrong, and what to do about it.
  let message: String

  /// The problem for programs.
  var json: JSONValue { ["severity": .string(severity.rawValue), "message": .string(message)] }

  /// The problem for people, in lines of at most so many columns where its words are short enough.
  func lines(columns: Int) -> [String] {
    FoldedText.lines(
      "\(severity.rawValue): \(VisibleText.of(message))", columns: columns, indentation: 2)
  }
}
