internal import Support
internal import Terminal

/// A problem that `doctor` found.
struct Problem: Sendable {
  /// How serious it is.
  enum Severity: String, Sendable {
    /// Works, but not as well as it could.
    case warning
    /// Something required is missing.
    case missing
  }

  /// How serious it is.
  let severity: Severity
  /// The problem and the remedy.
  let message: String

  /// The problem for programs.
  var json: JSONValue { ["severity": .string(severity.rawValue), "message": .string(message)] }

  /// The problem for people, folded to `columns` where its words are short enough.
  func lines(columns: Int) -> [String] {
    FoldedText.lines(
      "\(severity.rawValue): \(VisibleText.of(message))", columns: columns, indentation: 2)
  }
}
