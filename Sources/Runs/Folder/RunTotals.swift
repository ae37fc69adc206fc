/// Sums over all sessions of a run.
package struct RunTotals: Equatable, Sendable {
  /// Seconds of the sessions.
  package var seconds = 0.0
  /// Seconds of the training steps of whole epochs.
  var trainingSeconds = 0.0
  /// Images of those steps.
  var trainedImages = 0
  /// Steps that were left out because they were not finite.
  var skippedSteps = 0
  /// How often the run went back to the beginning of an epoch.
  package var rollbacks = 0
}
