internal import Datasets
internal import JacquardEngine
package import Support

extension TrainSettings {
  /// A flag or an environment variable as given: its setting's key and its text.
  package typealias FlagValue = (key: String, text: String)

  /// The source of a setting's value: it determines the name in a message, and the kind of failure.
  private enum Source {
    case flag
    case environment
    case file(String)

    func failure(_ field: SettingField, _ message: MessageText) -> Failure {
      switch self {
      case .flag: Failure(.usage, "\(field.option) \(message)")
      case .environment: Failure(.badConfiguration, "\(field.variable) \(message)")
      case .file(let path): Failure(.badConfiguration, "\(path): \"\(field.key)\" \(message)")
      }
    }
  }

  /// Combines the layers (flags over the environment over a configuration file over the defaults), and checks the result.
  ///
  /// - Parameters:
  ///   - base: Replaces the defaults, such as the settings of a resumed run.
  ///   - file: A configuration file's path and content; nil for none.
  ///   - environment: The environment variables that are set.
  ///   - flags: The flags that were given.
  /// - Throws: a `Failure` that names the flag, variable or key, its allowed values and its value.
  package static func resolve(
    _ base: TrainSettings = TrainSettings(), file: (path: String, content: JSONValue)?,
    environment: [FlagValue] = [], flags: [FlagValue]
  ) throws(Failure) -> TrainSettings {
    var settings = base
    if let file { try settings.apply(file.content, path: file.path) }
    for (values, source) in [(environment, Source.environment), (flags, Source.flag)] {
      for value in values {
        guard let field = SettingField.all.first(where: { $0.key == value.key }) else {
          failPrecondition("TrainSettings.resolve: no setting has the key \"\(value.key)\"")
        }
        try settings.apply(.text(value.text), to: field, from: source)
      }
    }
    try settings.checkCombinations(
      path: file?.path, environment: environment.map(\.key), flags: flags.map(\.key))
    settings.weightDecay = settings.resolvedWeightDecay
    if settings.source == nil { settings.statedModel = settings.model }
    return settings
  }

  /// Rejects settings for pictures that the user gave for data of another kind: they would change nothing.
  ///
  /// A flag or a variable is given whatever its value. A file that this program wrote contains every setting, so its defaults do not count.
  ///
  /// - Parameters:
  ///   - path: The data.
  ///   - content: What it contains, in words; nil for pictures.
  package static func checkPictureSettings(
    of path: String, content: String?, file: (path: String, content: JSONValue)? = nil, environment: [FlagValue] = [],
    flags: [FlagValue]
  ) throws(Failure) {
    guard let content else { return }
    let message = MessageText("applies only to pictures, but \(path) contains \(content); remove it, or give pictures.")
    for field in ["image_size", "image_colors", "fit", "invert"].map(SettingField.named) {
      if flags.contains(where: { $0.key == field.key }) { throw Source.flag.failure(field, message) }
      if environment.contains(where: { $0.key == field.key }) { throw Source.environment.failure(field, message) }
      if let file, let value = file.content[field.key], value != field.read(TrainSettings()) {
        throw Source.file(file.path).failure(field, message)
      }
    }
  }

  private mutating func apply(_ content: JSONValue, path: String) throws(Failure) {
    guard case .object(let members) = content else {
      throw Failure(.badConfiguration, "\(path): a configuration is a JSON object, such as {\"epochs\": 10}.")
    }
    for member in members {
      if member.name == "schema" {
        guard member.value == 1 else {
          throw Failure(
            .badConfiguration,
            "\(path): \"schema\" must be 1, not \(member.value.text); another version wrote this file.")
        }
        continue
      }
      guard let field = SettingField.all.first(where: { $0.key == member.name }) else {
        let keys = SettingField.all.map(\.key)
        let hint = Suggestion.closest(to: member.name, among: keys).map { MessageText("Did you mean \"\($0)\"?") }
        let advice = hint ?? "'jacquard train \(.printConfig)' shows all keys."
        throw Failure(.badConfiguration, "\(path): unknown key \"\(member.name)\". \(advice)")
      }
      try apply(.json(member.value), to: field, from: .file(path))
    }
  }

  private mutating func apply(
    _ input: SettingInput, to field: SettingField, from source: Source
  ) throws(Failure) {
    if let problem = field.assign(input, &self) { throw source.failure(field, MessageText(problem)) }
  }

  /// Rejects settings that are valid alone but not together.
  private func checkCombinations(
    path: String?, environment: [String], flags: [String]
  ) throws(Failure) {
    /// The message names the uppermost layer involved.
    func check(_ isSensible: Bool, _ keys: [String], _ message: MessageText) throws(Failure) {
      if isSensible { return }
      if keys.contains(where: flags.contains) { throw Failure(.usage, message) }
      let variables = SettingField.all.filter { keys.contains($0.key) && environment.contains($0.key) }.map(\.variable)
      if !variables.isEmpty {
        throw Failure(.badConfiguration, "\(variables.joined(separator: ", ")): \(message)")
      }
      throw path.map { Failure(.badConfiguration, "\($0): \(message)") } ?? Failure(.usage, message)
    }
    try check(
      !training.nesterov || (training.optimizer == .sgd && training.momentum > 0),
      ["nesterov", "optimizer", "momentum"],
      "nesterov needs the optimizer sgd with a momentum above 0, not \(training.optimizer.rawValue) with \(training.momentum)."
    )
    // A file written by this program contains a momentum for every optimizer; but a user who types the flag expects an effect.
    try check(
      training.optimizer == .sgd || !flags.contains("momentum"), ["momentum"],
      "\(.momentum) applies only to the optimizer sgd; \(training.optimizer.rawValue) has its own.")
    try check(
      !whitens || initialWeights == nil, ["whiten", "init_from"],
      "whiten computes the first filters, and init_from reads them; give one of both.")
    try check(
      fold == nil || validation == nil, ["fold", "validation"],
      "fold sets its own validation images aside; remove validation, or fold.")
    try check(
      source == nil || initialWeights == nil, ["from", "init_from"],
      "from takes a network and gives it a new last layer, and init_from takes weights that fit the model exactly; give one of both."
    )
    try check(
      !whitens || source == nil, ["whiten", "from"],
      "whiten computes the first filters, and from reads them; give one of both.")
    try check(
      unfreezeAfter.isEmpty || !frozen.isEmpty, ["unfreeze_after", "freeze"],
      "unfreeze_after needs frozen tensors; name them with freeze.")
    try check(
      unfreezeAfter.last.map { $0 < training.epochs } ?? true, ["unfreeze_after", "epochs"],
      "unfreeze_after must end below epochs, but \(unfreezeAfter.last ?? 0) is not below \(training.epochs).")
    try check(
      training.loss == .focal || !flags.contains("focal_gamma"), ["focal_gamma"],
      "\(.focalGamma) applies only to the loss focal, not to \(training.loss.rawValue).")
    try check(
      training.pruneBegin <= training.pruneEnd, ["prune_begin", "prune_end"],
      "prune_begin must be at most prune_end, but \(training.pruneBegin) is more than \(training.pruneEnd).")
    for key in ["prune_begin", "prune_end"] {
      try check(
        training.prune > 0 || !flags.contains(key), [key],
        "\(OptionName(key: key)) applies only to a training with \(.prune); give the share of the weights to prune.")
    }
    for key in ["teacher_temperature", "teacher_weight"] {
      try check(
        !teachers.isEmpty || !flags.contains(key), [key],
        "\(OptionName(key: key)) applies only to a training with \(.teacher); name a network to imitate.")
    }
    try check(
      training.loss == .crossEntropy || training.labelSmoothing == 0, ["loss", "label_smoothing"],
      "label_smoothing needs the loss cross_entropy, not \(training.loss.rawValue).")
    try check(
      sampling == .once || shuffle, ["sampling", "shuffle"],
      "sampling balanced draws the images of each epoch at random, which shuffle must allow; remove one of both.")
    try check(
      sampling == .once || training.hardest == 1, ["sampling", "hardest"],
      "sampling balanced and hardest both choose the images of an epoch; give one of both.")
    try check(
      sampling == .once || classWeights != .balanced, ["sampling", "class_weights"],
      "sampling balanced and class_weights balanced both make rare classes count as much as others; give one of both.")
    try check(
      training.warmupEpochs <= Double(training.epochs), ["warmup_epochs", "epochs"],
      "warmup_epochs must be at most epochs, but \(training.warmupEpochs) is more than \(training.epochs).")
  }
}
