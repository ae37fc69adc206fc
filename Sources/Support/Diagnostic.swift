/// What is wrong and where, what was expected and found, and what to do: the parts of a message of one line.
///
/// An error type says these parts, as its `diagnostic`, in words that hold for every user of the library. The command line completes them
/// with its own, such as the flag that helps.
package struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
  /// The file or the setting, and where in it; empty if the message does not name one.
  package var place: String
  /// What is wrong; empty if what was expected and found says it.
  package var problem: String
  /// What would be right; empty if the problem says it.
  package var expected: String
  /// What is there instead; goes with `expected`.
  package var found: String
  /// What to do about it; empty if nothing can be said.
  package var advice: String

  /// Puts the parts together.
  package init(
    place: String = "", problem: String = "", expected: String = "", found: String = "", advice: String = ""
  ) {
    self.place = place
    self.problem = problem
    self.expected = expected
    self.found = found
    self.advice = advice
  }

  /// One line: `place: problem: expected …, found …; advice`, without the parts that are empty.
  package var description: String {
    let comparison = expected.isEmpty ? "" : "expected \(expected), found \(found)"
    let statement = [place, problem, comparison].filter { !$0.isEmpty }.joined(separator: ": ")
    return advice.isEmpty ? statement : "\(statement); \(advice)"
  }
}
