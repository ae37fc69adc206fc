/// The progress of a training run between two steps.
///
/// Together with the network's numbers and the optimizer's moments, it determines the rest of the run: random numbers are addressed by seed, epoch
/// and sample.
public struct TrainingProgress: Hashable, Sendable {
  /// Completed steps, including left-out ones.
  public var step = 0
  /// The current epoch, or the next one between two epochs; from 1.
  public var epoch = 1
  /// Samples of the epoch that its steps have used.
  public var position = 0
  /// The number of images in the sums below: those of the epoch's steps that were not left out.
  public var images = 0
  /// Right answers among them.
  public var correct = 0
  /// The sum of their losses.
  public var loss = 0.0
  /// The rate of the last step.
  public var learningRate = 0.0
  /// Multiplies the schedule's rates; below 1 after a run went back to retry at a lower rate.
  public var learningRateScale = 1.0
  /// The steps whose weights the average of the recipe contains; 0 before it begins, and without one.
  public var averagedSteps = 0
  /// Seconds of this epoch's steps. Only this number differs from run to run.
  public var seconds = 0.0

  /// The beginning of a run.
  public init() {}

  /// The beginning of the next epoch, after the end of this one.
  public var afterEpoch: TrainingProgress {
    var next = TrainingProgress()
    next.step = step
    next.epoch = epoch + 1
    next.learningRate = learningRate
    next.learningRateScale = learningRateScale
    next.averagedSteps = averagedSteps
    return next
  }

  mutating func add(_ report: StepReport, seconds: Double) {
    images += report.images
    correct += report.correct
    loss += report.loss * Double(report.images)
    self.seconds += seconds
  }
}
