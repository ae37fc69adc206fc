/// Everything that decides the result of a training besides the network, its samples and how it is computed, as values.
///
/// `TrainingConfiguration` is what files and the command line say; it is turned into a recipe of our own values. A recipe
/// takes any.
public struct TrainingRecipe: Sendable {
  /// How parameters follow their gradients.
  public var optimizer: any Optimizer
  /// How the learning rate changes.
  public var schedule: any LearningRateSchedule
  /// What becomes small.
  public var loss: any Loss
  /// Passes over the samples.
  public var epochs: Int
  /// Images per step.
  public var batchSize: Int
  /// Parts of a batch that are computed on their own and summed in a fixed order, from 1 to 64.
  public var shards: Int
  /// The largest norm that the whole gradient may have; longer ones are scaled down to it. Nil for no limit.
  public var clipNorm: Double?
  /// Decides dropout, and what else layers draw.
  public var seed: UInt64
  /// Ends the run after this many steps; the schedule then ends there too. Nil for no such end.
  public var maxSteps: Int?

  /// A recipe of these values.
  public init(
    optimizer: any Optimizer, schedule: any LearningRateSchedule, loss: any Loss = SoftmaxCrossEntropy(),
    epochs: Int, batchSize: Int = 128, shards: Int = 8, clipNorm: Double? = nil, seed: UInt64 = 1,
    maxSteps: Int? = nil
  ) {
    self.optimizer = optimizer
    self.schedule = schedule
    self.loss = loss
    self.epochs = epochs
    self.batchSize = batchSize
    self.shards = shards
    self.clipNorm = clipNorm
    self.seed = seed
    self.maxSteps = maxSteps
  }

  /// How long the run is over `count` samples.
  public func length(count: Int) -> RunLength {
    RunLength(epochs: epochs, batchSize: batchSize, maxSteps: maxSteps, count: count)
  }
}

extension TrainingConfiguration {
  /// The configuration's values.
  public var recipe: TrainingRecipe {
    TrainingRecipe(
      optimizer: makeOptimizer(), schedule: makeSchedule(),
      loss: SoftmaxCrossEntropy(labelSmoothing: Float(labelSmoothing)), epochs: epochs, batchSize: batchSize,
      shards: shards, clipNorm: clipNorm, seed: seed, maxSteps: maxSteps)
  }
}
