internal import Datasets
internal import Photographs
internal import Support

extension SettingField {
  /// Every setting, in the order in which a configuration file lists them.
  package static let all: [SettingField] = [
    .value("model", \.model, allowed: "a model's name or a JSON file") { input in
      input.string.flatMap { $0.isEmpty ? nil : $0 }
    } json: {
      .string($0)
    },
    .integer("epochs", \.epochs, 1...100_000),
    .integer("max_steps", \.maximumSteps, 1...Int.max),
    .optional("max_time", \.maximumSeconds, allowed: "a span of time such as 90s, 10m or 1h30m") { input in
      input.number.flatMap { $0 > 0 ? $0 : nil } ?? input.string.flatMap(DurationText.seconds)
    } json: {
      .string(DurationText.text($0))
    },
    .integer("batch_size", \.batchSize, 1...65_536),
    .choice("optimizer", \.optimizer),
    .number("lr", \.learningRate, .above(0, upTo: 100)),
    .number("momentum", \.momentum, .from(0, below: 1)),
    .flag("nesterov", \.nesterov),
    .number("weight_decay", \.weightDecay, .from(0, upTo: 100)),
    .choice("schedule", \.schedule),
    .number("warmup_epochs", \.warmupEpochs, .from(0, upTo: 100_000)),
    .number("label_smoothing", \.labelSmoothing, .from(0, below: 1)),
    .number("clip_norm", \.clipNorm, .above(0, upTo: 1e9)),
    .choice("init", \.initialization),
    augment,
    validation,
    .integer("seed", \.seed, 0...Int.max),
    .integer("threads", \.threads, 1...256),
    .integer("shards", \.shards, 1...64),
    .choice("algorithm", \.algorithm),
    .choice("gemm", \.product),
    .optional("init_from", \.initialWeights, allowed: "a safetensors file") { input in
      input.string.flatMap { $0.isEmpty ? nil : $0 }
    } json: {
      .string($0)
    },
    .optional("save_every", \.saveEvery, allowed: "a count of steps, or a span of time such as 30s or 10m") { input in
      input.integer.flatMap { $0 > 0 ? .steps($0) : nil } ?? input.string.flatMap(SaveInterval.init)
    } json: {
      $0.json
    },
    .integer("keep_states", \.keepStates, 1...100_000),
    .flag("tensorboard", \.tensorBoard),
    .integer("early_stopping", \.earlyStopping, 1...100_000),
    .choice("on_nan", \.faultPolicy),
    .integer("max_train", \.maximumTrainingImages, 1...Int.max),
    .optional("image_size", \.imageSize, allowed: "a size such as 32 or 24x32, up to 4096x4096") { input in
      (input.string ?? input.integer.map(String.init)).flatMap { PictureSize(parsing: $0) }
    } json: {
      .string($0.description)
    },
    .choice("image_colors", \.imageColors),
    .choice("fit", \.fit),
    .choice("invert", \.inversion),
    .flag("skip_broken", \.skipsBroken),
    .flag("shuffle", \.shuffle),
    .flag("test", \.test),
  ]

  /// Whose text has a grammar of its own, so that the refusal says which part of it is wrong.
  private static let augment = SettingField(key: "augment", choices: []) { settings in
    .string(settings.augmentation.description)
  } assign: { input, settings in
    guard let text = input.string else { return "must be a list such as flip,shift=2,erase, not \(input.description)." }
    do throws(SettingError) {
      settings.augmentation = try Augmentation(parsing: text)
      return nil
    } catch {
      let hint = error.suggestion.map { " Did you mean '\($0)'?" } ?? ""
      return "must be a list such as flip,shift=2,erase: '\(error.part)': \(error.reason).\(hint)"
    }
  }

  /// Where 0 stands for no validation set at all.
  private static let validation = SettingField.value(
    "validation", \.validation, allowed: "a count of images, a share above 0 and below 1, or 0"
  ) { (input) -> ValidationSize?? in
    if input.isNull || input.integer == 0 { return .some(nil) }
    return input.numberText.flatMap { try? ValidationSize(parsing: $0) }
  } json: { size in
    switch size {
    case .count(let count): .integer(count)
    case .fraction(let share): .number(share)
    case nil: .integer(0)
    }
  }
}
