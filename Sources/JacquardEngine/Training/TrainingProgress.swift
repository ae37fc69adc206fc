/// How far a training run is between two steps.
///
/// With the network's numbers and the optimizer's moments this is all that the rest of the run follows from: whatever is
/// random is addressed by seed, epoch and sample.
public struct TrainingProgress: Hashable, Sendable {
  /// Steps done, left-out ones included.
  public var step = 0
  /// The epoch under way, or the next one; from 1.
  public var epoch = 1
  /// Samples of the epoch that its steps have taken.
  public var position = 0
  /// Images that the sums below are over: those of the epoch's steps that were not left out.
  public var images = 0
  /// Right answers among them.
  public var correct = 0
  /// The sum of their losses.
  public var loss = 0.0
  /// The rate of the last step.
  public var learningRate = 0.0
  /// Multiplies the schedule's rates; below 1 after a run went back to try again more carefully.
  public var learningRateScale = 1.0
  /// Seconds of this epoch's steps. The one number that differs from run to run.
  public var seconds = 0.0

  /// The beginning of a run.
  public init() {}

  /// After the epoch's end: the next epoch, at its beginning.
  public var afterEpoch: TrainingProgress {
    var next = TrainingProgress()
    next.step = step
    next.epoch = epoch + 1
    next.learningRate = learningRate
    next.learningRateScale = learningRateScale
    return next
  }

  mutating func add(_ report: StepReport, seconds: Double) {
    images += report.images
    correct += report.correct
    loss += report.loss * Double(report.images)
    self.seconds += seconds
  }
}
