/// The settings of a training run as files, the command line and C give them: words and numbers.
///
/// Code that needs no words gives a trainer its values; see `TrainingRecipe`.
public struct TrainingConfiguration: Sendable, Hashable {
  /// Passes over the training set.
  public var epochs = 10
  /// Images per step.
  public var batchSize = 128
  /// Parts of a batch that are computed on their own and summed in a fixed order, from 1 to 64.
  public var shards = 8
  /// Which rule changes the parameters.
  public var optimizer = OptimizerKind.adam
  /// The highest learning rate.
  public var learningRate = 1e-3
  /// The share of the velocity that SGD keeps.
  public var momentum = 0.0
  /// Whether SGD looks ahead.
  public var nesterov = false
  /// The strength of the weight decay.
  public var weightDecay = 0.0
  /// The curve of the learning rate.
  public var schedule = ScheduleKind.constant
  /// The first step's rate of a range test, from which rates rise to `learningRate` by the same factor at every step; nil
  /// for the schedule.
  public var rampStart: Double?
  /// Epochs of linear warm-up; parts count.
  public var warmupEpochs = 0.0
  /// The weight of the uniform distribution in the target.
  public var labelSmoothing = 0.0
  /// The largest norm that the whole gradient may have; longer ones are scaled down to it.
  public var clipNorm: Double?
  /// Decides initial values, order, augmentation and dropout.
  public var seed: UInt64 = 1
  /// Ends the run after this many steps; the schedule then ends there too.
  public var maxSteps: Int?

  /// A plain recipe: Adam at a constant rate. The command line has its own defaults.
  public init() {}

  /// How long the run is over `count` samples.
  public func length(count: Int) -> RunLength {
    RunLength(epochs: epochs, batchSize: batchSize, maxSteps: maxSteps, count: count)
  }

  /// Steps of one epoch over `count` images; the last batch may be smaller.
  public func stepsPerEpoch(count: Int) -> Int { length(count: count).stepsPerEpoch }

  /// Steps of the whole run over `count` images.
  public func totalSteps(count: Int) -> Int { length(count: count).steps }

  /// The rate of step `step`, from 0, of a run over `count` images.
  public func learningRate(step: Int, count: Int) -> Double {
    makeSchedule().rate(step: step, of: length(count: count))
  }
}
