/// What a run does if the loss or gradient of a step is not finite.
package enum FaultPolicy: String, CaseIterable, Sendable {
  /// Ends.
  case stop
  /// Continues without the step.
  case skip
  /// Returns to the beginning of the epoch and continues with half the learning rate.
  case rollback
}
