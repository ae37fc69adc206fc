/// Remembers the best validation score so far.
package struct BestEpoch: Equatable, Sendable {
  /// The best score; nil before the first one.
  package private(set) var score: EpochSummary.Score?
  /// Its epoch; 0 before the first one.
  package private(set) var epoch = 0
  /// The steps of the run at that epoch's end.
  package private(set) var step = 0

  /// No score yet.
  package init() {}

  /// A score from earlier.
  package init(score: EpochSummary.Score, epoch: Int, step: Int) {
    self.score = score
    self.epoch = epoch
    self.step = step
  }

  /// Takes an epoch's score; true if it is the best so far: a higher accuracy, or an equal one with a lower loss. A loss that is not
  /// finite is never best.
  package mutating func improves(with score: EpochSummary.Score, epoch: Int, step: Int) -> Bool {
    guard score.loss.isFinite else { return false }
    if let best = self.score {
      let isBetter = (score.accuracy, best.loss) > (best.accuracy, score.loss)
      guard isBetter else { return false }
    }
    self = BestEpoch(score: score, epoch: epoch, step: step)
    return true
  }
}
