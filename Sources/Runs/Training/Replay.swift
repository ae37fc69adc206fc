/// Where a repeated run ends. Its settings alone do not determine this: the clock, a signal or a person may have ended the original.
package struct Replay {
  /// The steps done at its end.
  package let lastStep: Int
  /// The number of rollbacks up to then; nil if unknown.
  package let rollbacks: Int?
  /// The end to report.
  package let end: RunEnd
  /// Called after each epoch.
  package let report: (EpochSummary) -> Void

  /// Describes where a repeated run ends.
  package init(lastStep: Int, rollbacks: Int?, end: RunEnd, report: @escaping (EpochSummary) -> Void) {
    self.lastStep = lastStep
    self.rollbacks = rollbacks
    self.end = end
    self.report = report
  }

  /// Whether a run ends within an epoch: a step may occur twice, before a rollback and after it.
  package func isOver(step: Int, rollbacks: Int) -> Bool {
    step >= lastStep && rollbacks >= self.rollbacks ?? 0
  }
}
