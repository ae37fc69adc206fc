/// Where a run that is trained again ends, which its settings alone do not say: the clock, a signal or a person may have ended it.
package struct Replay {
  /// The steps that it has behind it then.
  package let lastStep: Int
  /// How often it had gone back to the beginning of an epoch by then; nil where that is not known.
  package let rollbacks: Int?
  /// What it is said to be ended by.
  package let end: RunEnd
  /// Is told each epoch that is over.
  package let report: (EpochSummary) -> Void

  /// Says where a run that is trained again ends.
  package init(lastStep: Int, rollbacks: Int?, end: RunEnd, report: @escaping (EpochSummary) -> Void) {
    self.lastStep = lastStep
    self.rollbacks = rollbacks
    self.end = end
    self.report = report
  }

  /// Whether a run ends within an epoch: a step may come twice, before a rollback and after it.
  package func isOver(step: Int, rollbacks: Int) -> Bool {
    step >= lastStep && rollbacks >= self.rollbacks ?? 0
  }
}
