internal import Support

/// What is wrong with the names of classes.
public enum ClassProblem: Hashable, Sendable {
  /// The file is not text.
  case notText
  /// A line without a name; lines are counted from 1.
  case emptyName(line: Int)
  /// A name that occurs in an earlier line.
  case repeatedName(String, line: Int, first: Int)
  /// No names, or more than labels can number.
  case count(found: Int)
  /// A model has more classes than labels can number.
  case tooManyExpected(found: Int)
  /// A class of the data that a model does not have.
  case unknown(String, expected: [String])

  /// The messages.
  var diagnostic: Diagnostic {
    switch self {
    case .notText:
      Diagnostic(
        problem: "not a list of classes", expected: "UTF-8 text with a name in each line", found: "something else",
        advice: "write the file again")
    case .emptyName(let line):
      Diagnostic(
        problem: "line \(line) is empty", expected: "the name of class \(line - 1)", found: "nothing",
        advice: "write a name in each line")
    case .repeatedName(let name, let line, let first):
      Diagnostic(
        problem: "line \(line) repeats a class", expected: "another name than in line \(first)", found: "\"\(name)\"",
        advice: "give each class a different name")
    case .count(let found):
      Diagnostic(
        problem: "not a list of classes", expected: "1 to \(ClassNames.largestCount) names", found: "\(found)",
        advice: "write a name in each line")
    case .tooManyExpected(let found):
      Diagnostic(
        problem: "the model has more classes than labels can number", expected: "at most \(ClassNames.largestCount)",
        found: "\(found)", advice: "use a model with fewer classes")
    case .unknown(let name, let expected):
      Diagnostic(
        problem: "a class that the model does not have",
        expected: "one of " + expected.prefix(12).joined(separator: ", ") + (expected.count > 12 ? ", …" : ""),
        found: "\"\(name)\"",
        advice: Suggestion.closest(to: name, among: expected).map { "did you mean \"\($0)\"?" }
          ?? "use data and a model with the same classes")
    }
  }
}
