internal import CJacquard
internal import JacquardEngine
internal import Support

/// The checked settings of a training.
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
    training.loss = number(of: plain.loss)
    training.focal_gamma = plain.focalGamma
    training.ema_decay = defaultDecay
    training.swa_share = defaultShare
    training.lookahead_share = Lookahead().share
    training.hardest = plain.hardest
    training.prune = plain.prune
    training.prune_begin = plain.pruneBegin
    training.prune_end = plain.pruneEnd
    training.learning_rate = plain.learningRate
    training.seed = plain.seed
    return training
  }

  private static let defaultDecay = 0.999
  private static let defaultShare = 0.75

  /// Checks every setting; `isFed` means that the caller provides batches, so there are no epochs.
  init(_ training: jacquard_training, isFed: Bool) throws(Refusal) {
    func check<Value>(_ value: Value, _ name: String, _ isGood: Bool, _ expected: String) throws(Refusal) {
      guard isGood else { throw .argument("training->\(name) is \(value); it must be \(expected)") }
    }
    /// Checks a number against the range of its setting; 0 may mean none.
    func check(
      _ value: Double, _ setting: SettingDescription, as name: String? = nil, zero: String? = nil
    ) throws(Refusal) {
      let expected = (zero.map { "0, which means \($0), or " } ?? "") + setting.allowedBriefly
      let text = Int(exactly: value).map(String.init) ?? "\(value)"
      try check(text, name ?? setting.key, setting.allows(value) || (zero != nil && value == 0), expected)
    }
    typealias Settings = TrainingConfiguration.Settings
    let t = training
    try check(Double(t.epochs), Settings.epochs)
    try check(Double(t.batch_size), Settings.batchSize)
    try check(Double(t.shards), Settings.shards)
    try check(t.nesterov, "nesterov", (0...1).contains(t.nesterov), "0 or 1")
    try check(t.shuffle, "shuffle", (0...1).contains(t.shuffle), "0 or 1")
    try check(t.learning_rate, Settings.learningRate, as: "learning_rate")
    try check(t.momentum, Settings.momentum)
    try check(t.weight_decay, Settings.weightDecay)
    try check(t.warmup_epochs, Settings.warmupEpochs)
    try check(t.label_smoothing, Settings.labelSmoothing)
    try check(t.focal_gamma, Settings.focalGamma)
    try check(t.clip_norm, Settings.clipNorm, zero: "no limit")
    try check(t.ema_decay, "ema_decay", WeightAverage.range.contains(t.ema_decay), WeightAverage.range.briefText)
    try check(t.swa_share, "swa_share", WeightAverage.range.contains(t.swa_share), WeightAverage.range.briefText)
    try check(
      t.lookahead, "lookahead", t.lookahead == 0 || Lookahead.stepRange.contains(Int(t.lookahead)),
      "0, which means none, or \(Lookahead.stepRange.briefText)")
    try check(
      t.lookahead_share, "lookahead_share", Lookahead.shareRange.contains(t.lookahead_share),
      Lookahead.shareRange.briefText)
    try check(t.hardest, Settings.hardest)
    try check(t.prune, Settings.prune)
    try check(t.prune_begin, Settings.pruneBegin)
    try check(t.prune_end, Settings.pruneEnd)
    try check(t.prune_end, "prune_end", t.prune_end >= t.prune_begin, "at least prune_begin")
    try check(t.max_steps, "max_steps", t.max_steps >= 0, "0, which means no limit, or at least 1")
    var configuration = TrainingConfiguration()
    configuration.optimizer = try Self.kind(t.optimizer, "optimizer")
    configuration.schedule = try Self.kind(t.schedule, "schedule")
    try check(
      t.nesterov, "nesterov", t.nesterov == 0 || configuration.optimizer == .sgd && t.momentum > 0,
      "0 unless the optimizer is JACQUARD_SGD with a momentum above 0")
    configuration.loss = try Self.kind(t.loss, "loss")
    try check(
      t.label_smoothing, "label_smoothing", t.label_smoothing == 0 || configuration.loss == .crossEntropy,
      "0 unless the loss is JACQUARD_CROSS_ENTROPY")
    try check(t.average, "average", (0...2).contains(t.average), "a jacquard_average, 0 to 2")
    if isFed {
      try check(t.average, "average", t.average == 0, "JACQUARD_NO_AVERAGE for a trainer without samples")
      try check(t.hardest, "hardest", t.hardest == 1, "1 for a trainer without samples")
      try check(t.warmup_epochs, "warmup_epochs", t.warmup_epochs == 0, "0 for a trainer without samples")
    }
    if isFed && t.max_steps == 0 {
      try check(t.prune, "prune", t.prune == 0, "0 for a trainer without samples, or max_steps above 0")
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
    configuration.focalGamma = t.focal_gamma
    configuration.clipNorm = t.clip_norm == 0 ? nil : t.clip_norm
    switch t.average {
    case 1: configuration.average = .ema(decay: t.ema_decay)
    case 2: configuration.average = .swa(share: t.swa_share)
    default: break
    }
    configuration.lookahead =
      t.lookahead == 0 ? nil : Lookahead(steps: Int(t.lookahead), share: t.lookahead_share)
    configuration.hardest = t.hardest
    configuration.prune = t.prune
    configuration.pruneBegin = t.prune_begin
    configuration.pruneEnd = t.prune_end
    configuration.seed = t.seed
    maxSteps = t.max_steps == 0 ? nil : Int(t.max_steps)
    configuration.maxSteps = maxSteps
    checked = configuration
    threads = try ThreadCount.checked(t.threads, "training->threads")
    hasAnyThreads = t.threads == 0
    isShuffled = t.shuffle == 1
  }

  /// The number of parts of a batch.
  var shards: Int { checked.shards }

  /// Whether weights are averaged.
  var hasAverage: Bool { checked.average != nil }

  /// The most images of one step.
  var batchSize: Int { checked.batchSize }

  /// The engine's configuration. Each batch from the caller counts as an epoch, without a limit.
  func configuration(isFed: Bool) -> TrainingConfiguration {
    var configuration = checked
    if isFed { configuration.epochs = .max }
    return configuration
  }

  /// The case for a number of the header: the one with that index in the engine's list.
  private static func kind<Kind: CaseIterable>(_ value: Int32, _ name: String) throws(Refusal) -> Kind {
    guard let kind = Kind.allCases.enumerated().first(where: { $0.offset == Int(value) })?.element else {
      throw .argument(
        "training->\(name) is \(value); it must be a jacquard_\(name), 0 to \(Kind.allCases.count - 1)")
    }
    return kind
  }

  /// The header's number for a case.
  private static func number<Kind: CaseIterable & Equatable>(of kind: Kind) -> Int32 {
    Int32(Kind.allCases.enumerated().first { $0.element == kind }?.offset ?? 0)
  }
}
