package import Runs

/// The validation figure by which a sweep compares runs.
package enum SweepMetric: String, CaseIterable, Sendable {
  /// The fraction of correct predictions: higher is better.
  case accuracy
  /// The mean cross-entropy: lower is better.
  case loss

  /// Whether a score is better than another. NaN is the worst.
  package func prefers(_ score: EpochSummary.Score, to other: EpochSummary.Score) -> Bool {
    let (one, two) = self == .accuracy ? (score.accuracy, other.accuracy) : (-score.loss, -other.loss)
    return one > two || (two.isNaN && !one.isNaN)
  }
}
