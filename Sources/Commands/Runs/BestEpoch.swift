/// Remembers the best validation score so far.
package struct BestEpoch: Sendable {
  private var best: EpochSummary.Score?

  /// Nothing seen yet.
  package init() {}

  /// Takes in a score; true if it is the best so far: a higher accuracy, or the same one with a lower loss.
  package mutating func improves(with score: EpochSummary.Score) -> Bool {
    if let best {
      let isBetter = (score.accuracy, best.loss) > (best.accuracy, score.loss)
      guard isBetter else { return false }
    }
    best = score
    return true
  }
}
