internal import Jacquard

/// Sums over the steps of the running epoch, for the progress bar.
struct EpochTotals {
  /// Steps so far.
  private(set) var steps = 0
  /// Images so far.
  private(set) var images = 0
  private var lossSum = 0.0
  private var correct = 0

  /// Takes in a step.
  mutating func add(_ step: StepReport) {
    steps += 1
    images += step.images
    lossSum += step.loss * Double(step.images)
    correct += step.correct
  }

  /// The mean loss so far.
  var loss: Double { lossSum / Double(max(1, images)) }

  /// The share of right answers so far.
  var accuracy: Double { Double(correct) / Double(max(1, images)) }
}
