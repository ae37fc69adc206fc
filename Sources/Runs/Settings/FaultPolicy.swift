/// What a run does about a step whose loss or gradient is not finite.
package enum FaultPolicy: String, CaseIterable, Sendable {
  /// It ends.
  case stop
  /// It goes on without the step.
  case skip
  /// It goes back to the beginning of the epoch and goes on with half the learning rate.
  case rollback
}
