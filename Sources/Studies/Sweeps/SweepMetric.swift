package import Runs

/// The number of the validation set that a sweep compares runs by.
package enum SweepMetric: String, CaseIterable, Sendable {
  /// The share of right answers: more is better.
  case accuracy
  /// The mean cross-entropy: less is better.
  case loss

  /// Whether a score is better than another. One that is no number is the worst.
  package func prefers(_ score: EpochSummary.Score, to other: EpochSummary.Score) -> Bool {
    let (one, two) = self == .accuracy ? (score.accuracy, other.accuracy) : (-score.loss, -other.loss)
    return one > two || (two.isNaN && !one.isNaN)
  }
}
