/// Sums over all sessions of a run.
package struct RunTotals: Equatable, Sendable {
  /// Seconds of the sessions.
  package var seconds = 0.0
  /// Seconds of the training steps of complete epochs.
  var trainingSeconds = 0.0
  /// Images in those steps.
  var trainedImages = 0
  /// Steps skipped because they were not finite.
  var skippedSteps = 0
  /// The number of rollbacks.
  package var rollbacks = 0
}
