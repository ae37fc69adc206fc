/// Where a run that is trained again ends, which its settings alone do not say: the clock, a signal or a person may have ended it.
struct Replay {
  /// The steps that it has behind it then.
  let lastStep: Int
  /// How often it had gone back to the beginning of an epoch by then; nil where that is not known.
  let rollbacks: Int?
  /// What it is said to be ended by.
  let end: RunEnd
  /// Is told each epoch that is over.
  let report: (EpochSummary) -> Void

  /// Whether a run ends within an epoch: a step may come twice, before a rollback and after it.
  func isOver(step: Int, rollbacks: Int) -> Bool {
    step >= lastStep && rollbacks >= self.rollbacks ?? 0
  }
}
