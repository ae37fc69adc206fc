/// The progress of a training run, after a step.
package struct StepProgress: Sendable {
  /// The epoch, from 1.
  package var epoch: Int
  /// The epochs of the run.
  package var epochCount: Int
  /// The steps done in this epoch.
  package var step: Int
  /// The steps of one epoch.
  package var stepCount: Int
  /// The mean loss of this epoch so far.
  package var loss: Double
  /// The accuracy of this epoch so far, 0…1.
  package var accuracy: Double
  /// Training images per second.
  package var imagesPerSecond: Double
  /// Seconds until the last step of the run; nil if unknown.
  package var secondsLeft: Double?

  /// Describes a step.
  package init(
    epoch: Int, epochCount: Int, step: Int, stepCount: Int, loss: Double, accuracy: Double, imagesPerSecond: Double,
    secondsLeft: Double?
  ) {
    self.epoch = epoch
    self.epochCount = epochCount
    self.step = step
    self.stepCount = stepCount
    self.loss = loss
    self.accuracy = accuracy
    self.imagesPerSecond = imagesPerSecond
    self.secondsLeft = secondsLeft
  }
}
