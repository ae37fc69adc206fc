package import Support

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

extension TrainingConfiguration {
  /// The names, ranges and sentences of the settings, for files, the command line and C.
  package enum Settings {
    package static let epochs = SettingDescription(
      "epochs", .whole(1...100_000), "Passes over the training set", value: "n")
    package static let maxSteps = SettingDescription(
      "max_steps", .whole(1...Int.max), "End after so many steps", value: "n")
    package static let batchSize = SettingDescription("batch_size", .whole(1...65_536), "Images of a step", value: "n")
    package static let shards = SettingDescription(
      "shards", .whole(1...64), "Parts of a batch that are computed independently", value: "n")
    package static let optimizer = SettingDescription("optimizer", value: "name")
    package static let learningRate = SettingDescription(
      "lr", .above(0, upTo: 100), "The learning rate at its highest")
    package static let momentum = SettingDescription("momentum", .from(0, below: 1), "The momentum of sgd")
    package static let nesterov = SettingDescription("nesterov", nil, "Use Nesterov's momentum with sgd")
    package static let weightDecay = SettingDescription(
      "weight_decay", .from(0, upTo: 100), "Weight decay; biases and norms are left out", absence: defaultWeightDecays)
    package static let schedule = SettingDescription("schedule", value: "name")
    package static let warmupEpochs = SettingDescription(
      "warmup_epochs", .from(0, upTo: 100_000), "Epochs in which the learning rate rises from zero")
    package static let labelSmoothing = SettingDescription(
      "label_smoothing", .from(0, below: 1), "The share of the target that goes to all classes alike")
    package static let clipNorm = SettingDescription(
      "clip_norm", .above(0, upTo: 1e9), "The largest norm of the gradient", absence: "no limit")
    package static let seed = SettingDescription(
      "seed", .whole(0...Int.max), "The seed of everything random", value: "n")

    package static let threads = SettingDescription(
      "threads", .whole(1...WorkerTeam.largestCount), "Worker threads; the result does not depend on them", value: "n",
      absence: "all cores")

    /// All that the configuration holds; threads are the machine's.
    package static let all = [
      epochs, maxSteps, batchSize, shards, optimizer, learningRate, momentum, nesterov, weightDecay, schedule,
      warmupEpochs, labelSmoothing, clipNorm, seed,
    ]

    /// The weight decay of most optimizers, and those that have another, such as `0; 0.01 for adamw`.
    private static var defaultWeightDecays: String {
      let others = OptimizerKind.allCases.filter { $0.defaultWeightDecay != 0 }
      return (["0"] + others.map { "\($0.defaultWeightDecay) for \($0.rawValue)" }).joined(separator: "; ")
    }
  }
}
