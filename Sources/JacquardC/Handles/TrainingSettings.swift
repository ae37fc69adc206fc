internal import CJacquard
internal import JacquardEngine

/// The settings of a training, after all checks.
struct TrainingSettings: Sendable {
  let threads: Int
  /// Whether the caller left the number of threads to the library.
  let hasAnyThreads: Bool
  let isShuffled: Bool
  let maxSteps: Int?
  private let checked: TrainingConfiguration

  /// The defaults of the header.
  static var defaults: jacquard_training {
    let plain = TrainingConfiguration()
    var training = jacquard_training()
    training.epochs = Int32(plain.epochs)
    training.batch_size = Int32(plain.batchSize)
    training.shards = Int32(plain.shards)
    training.optimizer = number(of: plain.optimizer)
    training.schedule = number(of: plain.schedule)
    training.shuffle = 1
    training.learning_rate = plain.learningRate
    training.seed = plain.seed
    return training
  }

  /// Checks every setting; `isFed` says that there are no epochs.
  init(_ training: jacquard_training, isFed: Bool) throws(Refusal) {
    func check<Value>(_ value: Value, _ name: String, _ isGood: Bool, _ expected: String) throws(Refusal) {
      guard isGood else { throw .argument("training->\(name) is \(value); it must be \(expected)") }
    }
    let t = training
    try check(t.epochs, "epochs", t.epochs >= 1, "at least 1")
    try check(t.batch_size, "batch_size", (1...65_536).contains(t.batch_size), "1 to 65536")
    try check(t.shards, "shards", (1...64).contains(t.shards), "1 to 64")
    try check(t.nesterov, "nesterov", (0...1).contains(t.nesterov), "0 or 1")
    try check(t.shuffle, "shuffle", (0...1).contains(t.shuffle), "0 or 1")
    try check(t.learning_rate, "learning_rate", t.learning_rate > 0 && Float(t.learning_rate).isFinite, "above 0")
    try check(t.momentum, "momentum", t.momentum >= 0 && Float(t.momentum) < 1, "0 to below 1")
    try check(t.weight_decay, "weight_decay", t.weight_decay >= 0 && Float(t.weight_decay).isFinite, "at least 0")
    try check(t.warmup_epochs, "warmup_epochs", (0...1e6).contains(t.warmup_epochs), "0 to 1000000")
    try check(
      t.label_smoothing, "label_smoothing", t.label_smoothing >= 0 && Float(t.label_smoothing) < 1, "0 to below 1")
    try check(t.clip_norm, "clip_norm", t.clip_norm >= 0 && t.clip_norm.isFinite, "at least 0, which is no limit")
    try check(t.max_steps, "max_steps", t.max_steps >= 0, "at least 0, which is no limit")
    var configuration = TrainingConfiguration()
    configuration.optimizer = try Self.kind(t.optimizer, "optimizer")
    configuration.schedule = try Self.kind(t.schedule, "schedule")
    try check(
      t.nesterov, "nesterov", t.nesterov == 0 || configuration.optimizer == .sgd && t.momentum > 0,
      "0 unless the optimizer is JACQUARD_SGD with a momentum above 0")
    if isFed {
      try check(t.warmup_epochs, "warmup_epochs", t.warmup_epochs == 0, "0 for a trainer without samples")
    }
    if isFed && t.max_steps == 0 {
      try check(
        t.schedule, "schedule", configuration.schedule == .constant,
        "JACQUARD_CONSTANT for a trainer without samples, or max_steps above 0")
    }
    configuration.epochs = Int(t.epochs)
    configuration.batchSize = Int(t.batch_size)
    configuration.shards = Int(t.shards)
    configuration.learningRate = t.learning_rate
    configuration.momentum = t.momentum
    configuration.nesterov = t.nesterov == 1
    configuration.weightDecay = t.weight_decay
    configuration.warmupEpochs = t.warmup_epochs
    configuration.labelSmoothing = t.label_smoothing
    configuration.clipNorm = t.clip_norm == 0 ? nil : t.clip_norm
    configuration.seed = t.seed
    maxSteps = t.max_steps == 0 ? nil : Int(t.max_steps)
    configuration.maxSteps = maxSteps
    checked = configuration
    threads = try ThreadCount.checked(t.threads, "training->threads")
    hasAnyThreads = t.threads == 0
    isShuffled = t.shuffle == 1
  }

  /// Parts of a batch.
  var shards: Int { checked.shards }

  /// The most images of one step.
  var batchSize: Int { checked.batchSize }

  /// The engine's configuration. Every step that is given a batch is an epoch of its own, and their number has no limit.
  func configuration(isFed: Bool) -> TrainingConfiguration {
    var configuration = checked
    if isFed { configuration.epochs = .max }
    return configuration
  }

  /// What a number of the header stands for: the case with that place in the engine's list.
  private static func kind<Kind: CaseIterable>(_ value: Int32, _ name: String) throws(Refusal) -> Kind {
    guard let kind = Kind.allCases.enumerated().first(where: { $0.offset == Int(value) })?.element else {
      throw .argument(
        "training->\(name) is \(value); it must be a jacquard_\(name), 0 to \(Kind.allCases.count - 1)")
    }
    return kind
  }

  /// The number that the header has for a kind.
  private static func number<Kind: CaseIterable & Equatable>(of kind: Kind) -> Int32 {
    Int32(Kind.allCases.enumerated().first { $0.element == kind }?.offset ?? 0)
  }
}
