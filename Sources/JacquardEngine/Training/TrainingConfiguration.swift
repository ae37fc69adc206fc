package import Support

/// The settings of a training run as given by files, the command line and C: words and numbers.
///
/// Code that does not need words passes values to a trainer; see `TrainingRecipe`.
public struct TrainingConfiguration: Sendable, Hashable {
  /// Passes over the training set.
  public var epochs = 10
  /// Images per step.
  public var batchSize = 128
  /// Parts of a batch that are computed separately and summed in a fixed order, from 1 to 64.
  public var shards = 8
  /// The optimizer.
  public var optimizer = OptimizerKind.adam
  /// The highest learning rate.
  public var learningRate = 1e-3
  /// The share of the velocity that SGD keeps.
  public var momentum = 0.0
  /// Whether SGD uses Nesterov's momentum.
  public var nesterov = false
  /// The strength of the weight decay.
  public var weightDecay = 0.0
  /// The learning rate schedule.
  public var schedule = ScheduleKind.constant
  /// The first rate of a range test, in which rates rise to `learningRate` by the same factor at every step; nil to use the schedule.
  public var rampStart: Double?
  /// Epochs of linear warm-up; fractions count.
  public var warmupEpochs = 0.0
  /// The loss.
  public var loss = LossKind.crossEntropy
  /// The exponent of the focal loss.
  public var focalGamma = 2.0
  /// How much an image of each class counts in the loss; nil for the same.
  public var classWeights: [Double]?
  /// The weight of the uniform distribution in the target of cross-entropy.
  public var labelSmoothing = 0.0
  /// The largest norm of the whole gradient; longer gradients are scaled down to it.
  public var clipNorm: Double?
  /// How the weights of the steps are averaged; nil for the last weights alone.
  public var average: WeightAverage?
  /// Slow weights that follow those of the optimizer; nil for none.
  public var lookahead: Lookahead?
  /// The share of the weights of convolutions and dense layers that are zero at the end; 0 prunes nothing.
  public var prune = 0.0
  /// The shares of the run's steps after which pruning begins and is complete.
  public var pruneBegin = 0.1
  public var pruneEnd = 0.75
  /// The share of the samples, those with the largest errors, that epochs after the first train on.
  public var hardest = 1.0
  /// The seed of initial values, order, augmentation and dropout.
  public var seed: UInt64 = 1
  /// The run, and with it the schedule, ends after this many steps.
  public var maxSteps: Int?

  /// A plain recipe: Adam at a constant rate. The command line has different defaults.
  public init() {}

  /// The length of the run over `count` samples.
  public func length(count: Int) -> RunLength {
    RunLength(epochs: epochs, of: epochLengths(count: count), maxSteps: maxSteps)
  }

  /// The lengths of the epochs over `count` samples.
  package func epochLengths(count: Int) -> EpochLengths {
    EpochLengths(count: count, batchSize: batchSize, share: hardest)
  }

  /// Steps of the whole run over `count` images.
  public func totalSteps(count: Int) -> Int { length(count: count).steps }

  /// The rate of step `step`, from 0, of a run over `count` images.
  public func learningRate(step: Int, count: Int) -> Double {
    makeSchedule().rate(step: step, of: length(count: count))
  }
}

extension TrainingConfiguration {
  /// The names, ranges and sentences of the settings, for files, the command line and C.
  package enum Settings {
    package static let epochs = SettingDescription(
      "epochs", .whole(1...100_000), "Passes over the training set", value: "n")
    package static let maxSteps = SettingDescription(
      "max_steps", .whole(1...Int.max), "End after this many steps", value: "n")
    package static let batchSize = SettingDescription("batch_size", .whole(1...65_536), "Images per step", value: "n")
    package static let shards = SettingDescription(
      "shards", .whole(1...64), "Parts of a batch that are computed independently", value: "n")
    package static let optimizer = SettingDescription("optimizer", value: "name")
    package static let learningRate = SettingDescription(
      "lr", .above(0, upTo: 100), "The highest learning rate")
    package static let momentum = SettingDescription("momentum", .from(0, below: 1), "The momentum of sgd")
    package static let nesterov = SettingDescription("nesterov", nil, "Use Nesterov's momentum with sgd")
    package static let weightDecay = SettingDescription(
      "weight_decay", .from(0, upTo: 100), "Weight decay; biases and norms are left out", absence: defaultWeightDecays)
    package static let schedule = SettingDescription("schedule", value: "name")
    package static let warmupEpochs = SettingDescription(
      "warmup_epochs", .from(0, upTo: 100_000), "Epochs in which the learning rate rises from zero")
    package static let loss = SettingDescription("loss", nil, "What training minimizes", value: "name")
    package static let focalGamma = SettingDescription(
      "focal_gamma", .from(0, upTo: 10), "The exponent of the loss focal: how little well recognized images count")
    package static let labelSmoothing = SettingDescription(
      "label_smoothing", .from(0, below: 1), "The share of the target spread evenly over all classes")
    package static let clipNorm = SettingDescription(
      "clip_norm", .above(0, upTo: 1e9), "The largest norm of the gradient", absence: "no limit")
    package static let average = SettingDescription(
      "average", nil,
      "Evaluate and save averaged weights: none, ema=0.999 (a moving average that keeps this share of itself in each step) or "
        + "swa=0.75 (the mean of the steps after this share of the run)", value: "how")
    package static let lookahead = SettingDescription(
      "lookahead", nil,
      "Let slow weights follow every n steps, and continue from them: none, n or n:share, such as 5:0.5", value: "n")
    package static let hardest = SettingDescription(
      "hardest", .above(0, upTo: 1),
      "The share of the images, those with the largest errors, in every epoch but the first")
    package static let prune = SettingDescription(
      "prune", Pruning.shares,
      "The share of the weights of convolutions and dense layers that are zero at the end: the smallest of each tensor")
    package static let pruneBegin = SettingDescription(
      "prune_begin", Pruning.places, "The share of the run's steps after which pruning begins")
    package static let pruneEnd = SettingDescription(
      "prune_end", Pruning.places, "The share of the run's steps after which pruning is complete")
    package static let seed = SettingDescription(
      "seed", .whole(0...Int.max), "The seed of everything random", value: "n")

    package static let threads = SettingDescription(
      "threads", .whole(1...WorkerTeam.largestCount), "Worker threads; the result does not depend on them", value: "n",
      absence: "all cores")

    /// All settings of the configuration; the number of threads depends on the machine.
    package static let all = [
      epochs, maxSteps, batchSize, shards, optimizer, learningRate, momentum, nesterov, weightDecay, schedule,
      warmupEpochs, loss, focalGamma, labelSmoothing, clipNorm, average, lookahead, hardest, prune, pruneBegin,
      pruneEnd, seed,
    ]

    /// The default weight decay, and the optimizers with a different one, such as `0; 0.01 for adamw`.
    private static var defaultWeightDecays: String {
      let others = OptimizerKind.allCases.filter { $0.defaultWeightDecay != 0 }
      return (["0"] + others.map { "\($0.defaultWeightDecay) for \($0.rawValue)" }).joined(separator: "; ")
    }
  }
}
