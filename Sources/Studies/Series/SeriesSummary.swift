package import Support

/// What a series of runs reached, for programs and for people.
package protocol SeriesSummary {
  /// Whether every run has ended.
  var isComplete: Bool { get }
  /// Why the exit code is not 0.
  var failure: Failure? { get }
  /// The result for programs.
  var json: JSONValue { get }
  /// The result for people.
  var lines: [String] { get }
}
