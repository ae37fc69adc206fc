/// Everything that decides the result of a training besides the network, its samples and the way it is computed, as values.
///
/// Files and the command line use `TrainingConfiguration`, which is converted to a recipe of the package's own types. A recipe accepts any types.
public struct TrainingRecipe: Sendable {
  /// How gradients change parameters.
  public var optimizer: any Optimizer
  /// How the learning rate changes.
  public var schedule: any LearningRateSchedule
  /// Tensors with their own learning rates and decays; none by default.
  public var groups: [ParameterGroup] = []
  /// Tensors that keep their values; nil for none. A group may not change them either.
  public var freezing: Freezing?
  /// The loss to minimize.
  public var loss: any Loss
  /// Networks whose answers the training imitates; nil for none.
  public var distillation: Distillation?
  /// Passes over the samples.
  public var epochs: Int
  /// Images per step.
  public var batchSize: Int
  /// Parts of a batch that are computed separately and summed in a fixed order, from 1 to 64.
  public var shards: Int
  /// The largest norm of the whole gradient; longer gradients are scaled down to it. Nil for no limit.
  public var clipNorm: Double?
  /// How the weights of the steps are averaged; nil for the last weights alone.
  public var average: WeightAverage?
  /// Slow weights that follow those of the optimizer; nil for none.
  public var lookahead: Lookahead?
  /// Weights that become zero; nil for none.
  public var pruning: Pruning?
  /// The share of the samples, those with the largest errors, that epochs after the first train on: above 0, at most 1.
  public var hardest = 1.0
  /// The seed of dropout and other random numbers of layers.
  public var seed: UInt64
  /// The run, and with it the schedule, ends after this many steps. Nil for no limit.
  public var maxSteps: Int?

  /// A recipe of these values.
  public init(
    optimizer: any Optimizer, schedule: any LearningRateSchedule, loss: any Loss = SoftmaxCrossEntropy(),
    epochs: Int, batchSize: Int = 128, shards: Int = 8, clipNorm: Double? = nil, seed: UInt64 = 1,
    maxSteps: Int? = nil, average: WeightAverage? = nil, lookahead: Lookahead? = nil
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
    self.average = average
    self.lookahead = lookahead
  }

  /// The length of the run over `count` samples.
  public func length(count: Int) -> RunLength {
    RunLength(epochs: epochs, of: epochLengths(count: count), maxSteps: maxSteps)
  }

  /// The lengths of the epochs over `count` samples.
  func epochLengths(count: Int) -> EpochLengths { EpochLengths(count: count, batchSize: batchSize, share: hardest) }

  /// The group that decides how a tensor trains: the last that contains it. Nil if it trains like all others.
  func group(of tensor: NetworkTensor) -> ParameterGroup? { groups.last { $0.contains(tensor.name) } }
}

extension TrainingConfiguration {
  /// A recipe with the configuration's values.
  public var recipe: TrainingRecipe {
    var recipe = TrainingRecipe(
      optimizer: makeOptimizer(), schedule: makeSchedule(),
      loss: makeLoss(), epochs: epochs, batchSize: batchSize,
      shards: shards, clipNorm: clipNorm, seed: seed, maxSteps: maxSteps, average: average, lookahead: lookahead)
    recipe.hardest = hardest
    recipe.pruning = prune > 0 ? Pruning(share: prune, begin: pruneBegin, end: pruneEnd) : nil
    return recipe
  }
}
