/// The parts of a one-line message: what is wrong and where, what was expected and found, and what to do.
///
/// An error type provides them as its `diagnostic`, in words that suit every user of the library. The command line adds
/// its own words, such as the flag that helps.
package struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
  /// The file or setting, and the position in it; empty if the message names none.
  package var place: String
  /// What is wrong; empty if `expected` and `found` say it.
  package var problem: String
  /// What would be right; empty if the problem says it.
  package var expected: String
  /// What was found instead of `expected`.
  package var found: String
  /// What to do about it; empty if there is no advice.
  package var advice: String

  /// Makes a diagnostic from its parts.
  package init(
    place: String = "", problem: String = "", expected: String = "", found: String = "", advice: String = ""
  ) {
    self.place = place
    self.problem = problem
    self.expected = expected
    self.found = found
    self.advice = advice
  }

  /// One line: `place: problem: expected …, found …; advice`, without empty parts.
  package var description: String {
    let comparison = expected.isEmpty ? "" : "expected \(expected), found \(found)"
    let statement = [place, problem, comparison].filter { !$0.isEmpty }.joined(separator: ": ")
    return advice.isEmpty ? statement : "\(statement); \(advice)"
  }
}
