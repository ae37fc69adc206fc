internal import Datasets
internal import Files
internal import JacquardEngine
internal import Photographs
internal import Support

extension SettingField {
  private typealias Engine = TrainingConfiguration.Settings

  /// Every setting, in the order in which a configuration file lists them.
  package static let all: [SettingField] = [
    model,
    .integer(Engine.epochs, \.training.epochs),
    .integer(Engine.maxSteps, \.training.maxSteps),
    .optional(
      .init("max_time", nil, "End after this time, such as 90s, 10m or 1h30m", value: "time"), \.maximumSeconds,
      allowed: "a time such as 90s, 10m or 1h30m"
    ) { input in
      input.number.flatMap { $0 > 0 ? $0 : nil } ?? input.string.flatMap(DurationText.seconds)
    } json: {
      .string(DurationText.text($0))
    },
    .integer(Engine.batchSize, \.training.batchSize),
    .choice(Engine.optimizer, \.training.optimizer),
    .number(Engine.learningRate, \.training.learningRate),
    .number(Engine.momentum, \.training.momentum),
    .flag(Engine.nesterov, \.training.nesterov),
    .number(Engine.weightDecay, \.weightDecay, isWritten: true),
    .choice(Engine.schedule, \.training.schedule),
    .number(Engine.warmupEpochs, \.training.warmupEpochs),
    .choice(Engine.loss, \.training.loss),
    .number(Engine.focalGamma, \.training.focalGamma),
    .value(
      .init(
        "class_weights", nil,
        "How much the images of each class count in the loss: none (all the same), balanced (by the "
          + "classes' frequencies), a list such as 1,2,0.5, or a CSV file with the columns class and weight",
        value: "list|file"), \.classWeights,
      allowed: "none, balanced, a list of numbers such as 1,2,0.5, or a CSV file such as weights.csv"
    ) { input in
      input.isNull ? ClassWeights.none : input.string.flatMap(ClassWeights.init)
    } json: {
      .string($0.description)
    },
    .choice(
      .init(
        "sampling", nil,
        "The images of an epoch: each once, or drawn so that all classes are equally frequent (balanced)",
        value: "how", listsWords: false), \.sampling),
    .number(Engine.labelSmoothing, \.training.labelSmoothing),
    .number(Engine.clipNorm, \.training.clipNorm),
    .value(
      Engine.average, \.training.average,
      allowed: "none, ema=DECAY or swa=SHARE, with a number of at least 0 and below 1, such as ema=0.999"
    ) { input in
      input.string == "none" ? .some(nil) : input.string.flatMap(WeightAverage.init).map(Optional.some)
    } json: {
      .string($0?.description ?? "none")
    },
    .value(
      Engine.lookahead, \.training.lookahead,
      allowed: "none, or steps from 1 to 100000 and a share above 0 and at most 1, such as 5 or 5:0.5",
      types: ["string", "integer"]
    ) { input in
      input.string == "none"
        ? .some(nil)
        : (input.string ?? input.integer.map(String.init)).flatMap(Lookahead.init).map(Optional.some)
    } json: {
      .string($0?.description ?? "none")
    },
    .number(Engine.hardest, \.training.hardest),
    .number(Engine.prune, \.training.prune),
    .number(Engine.pruneBegin, \.training.pruneBegin),
    .number(Engine.pruneEnd, \.training.pruneEnd),
    .choice(.init("init", value: "name"), \.initialization),
    .flag(
      .init("whiten", nil, "Fix the first convolution so that it whitens the patches of the training images"), \.whitens
    ),
    groups,
    freeze,
    unfreezeAfter,
    augment,
    validation,
    .optional(
      .init(
        "fold", nil,
        "Divide the training images into folds, and validate on one of them, such as 2/5 for the second of five",
        value: "n/folds", absence: "none"), \.fold, allowed: "a fold and the number of folds, such as 2/5"
    ) { input in
      input.string.flatMap(FoldChoice.init)
    } json: {
      .string($0.description)
    },
    file(
      "fold_groups",
      "Keep training images of a group in one fold: a CSV table with the columns index or path, and group", \.foldGroups
    ),
    file(
      "exclude",
      "Leave out the training images that a table lists: CSV with a column index or path",
      \.exclude),
    seed,
    .integer(Engine.threads, \.threads),
    .integer(Engine.shards, \.training.shards),
    .choice(.init("algorithm", nil, "How convolutions are computed", value: "name"), \.algorithm),
    .choice(.init("gemm", nil, "How matrix products are computed", value: "name"), \.product),
    .optional(
      .init(
        "from", nil,
        "Train the network of this run, weights file or ONNX file further, with a new last layer for the data's classes",
        value: "checkpoint"), \.source,
      allowed: "a run folder, a weights file or an ONNX file"
    ) { input in
      input.string.flatMap { $0.isEmpty ? nil : $0 }
    } json: {
      .string($0)
    },
    teacher,
    .number(
      .init(
        "teacher_temperature", Distillation.temperatures,
        "What logits are divided by where the network imitates its teachers"), \.teacherTemperature),
    .number(
      .init("teacher_weight", Distillation.weights, "The share of the teachers in the loss"), \.teacherWeight),
    .optional(
      .init("init_from", nil, "Start from these weights, which must fit the model and its classes", value: "file"),
      \.initialWeights,
      allowed: "a safetensors file"
    ) { input in
      input.string.flatMap { $0.isEmpty ? nil : $0 }
    } json: {
      .string($0)
    },
    .optional(
      .init(
        "save_every", nil, "Also save the run within epochs, every n steps or after a time such as 30s",
        value: "n|time"), \.saveEvery, allowed: "a number of steps, or a time such as 30s or 10m",
      types: ["string", "integer"]
    ) { input in
      input.integer.flatMap { $0 > 0 ? .steps($0) : nil } ?? input.string.flatMap(SaveInterval.init)
    } json: {
      $0.json
    },
    .integer(
      .init(
        "keep_states", .whole(1...100_000),
        "Keep the state after every n-th epoch, for 'jacquard reproduce \(.epochs)'",
        value: "n", absence: "only the last"), \.keepStates),
    .flag(
      .init(
        "tensorboard", nil, "Write event files for TensorBoard into the run folder: curves, inputs and weights"),
      \.tensorBoard),
    .integer(
      .init(
        "early_stopping", .whole(1...100_000), "End after this many epochs without a better validation score",
        value: "epochs", absence: "never"), \.earlyStopping),
    .choice(
      .init(
        "on_nan", nil, "What to do if a loss or gradient is not finite", value: "action", listsWords: false,
        details: "stop ends the run, skip omits the step, rollback returns to the epoch's beginning and halves "
          + "the learning rate."), \.faultPolicy),
    .integer(
      .init(
        "max_train", .whole(1...Int.max), "Use only the first images of the training set", value: "n", absence: "all"),
      \.maximumTrainingImages),
    .optional(
      .init(
        "image_size", nil, "Resize pictures to this size, such as 32 or 24x32", value: "HxW",
        absence: "their own, if all are equal"), \.imageSize, allowed: "a size such as 32 or 24x32, up to 4096x4096",
      schema: [.init(name: "pattern", value: "^[0-9]+x[0-9]+$")]
    ) { input in
      (input.string ?? input.integer.map(String.init)).flatMap { PictureSize(parsing: $0) }
    } json: {
      .string($0.description)
    },
    .choice(
      .init(
        "image_colors", nil, "Read pictures as gray, color or auto: gray if all pictures are", value: "kind",
        listsWords: false), \.imageColors),
    .choice(
      .init(
        "fit", nil,
        "How to fit pictures into another size: stretch, crop (to the center) or pad (with the color of the border)",
        value: "how", listsWords: false), \.fit),
    .choice(
      .init(
        "invert", nil, "Invert pictures: auto (if the border is light), yes or no",
        value: "when", listsWords: false), \.inversion),
    .flag(
      .init("skip_broken", nil, "Skip pictures that cannot be read, instead of stopping at the first"),
      \.skipsBroken),
    .flag(.init("shuffle", nil, "Shuffle the images, differently in each epoch"), \.shuffle),
    .flag(.init("test", nil, "Evaluate the test set at the end"), \.test),
  ]

  /// Null if a source defines the model.
  private static let model = SettingField(
    .init("model", nil, "\(Model.names.joined(separator: ", ")), or a JSON file", value: "name|file"),
    schema: [.init(name: "type", value: ["string", "null"])]
  ) { settings in
    settings.source == nil ? .string(settings.model) : settings.statedModel.map(JSONValue.string) ?? .null
  } assign: { input, settings in
    if case .json(.null) = input {
      settings.statedModel = nil
      return nil
    }
    guard let text = input.string, !text.isEmpty else {
      return "must be a model's name or a JSON file, not \(input.description)."
    }
    settings.statedModel = text
    return nil
  }

  private static let freeze = SettingField.value(
    .init(
      "freeze", nil,
      "Keep tensors as they are: body (all but the last layer), norms (running statistics), patterns such as 'conv1.*', or several "
        + "with commas", value: "list", absence: "none"), \.frozen,
    allowed: "none, or body, norms and patterns such as conv1.*, separated by commas", types: ["string", "null"]
  ) { input in
    input.isNull ? [] : input.string.flatMap { Freezing(parsing: $0)?.parts }
  } json: { (parts: [Freezing.Part]) in
    parts.isEmpty ? .null : .string(Freezing(parts).text)
  }

  private static let teacher = SettingField.value(
    .init(
      "teacher", nil,
      "Imitate the answers of these networks: a run, a weights file, an ONNX file or a name; or several, with commas",
      value: "checkpoint", absence: "none"), \.teachers,
    allowed: "none, or checkpoints, separated by commas", types: ["string", "null"]
  ) { input in
    if input.isNull { return [] }
    let parts = input.string?.parts(separatedBy: ",") ?? []
    return parts.isEmpty || parts.contains("") ? nil : parts
  } json: { (paths: [String]) in
    paths.isEmpty ? .null : .string(paths.joined(separator: ","))
  }

  private static let unfreezeAfter = SettingField.value(
    .init(
      "unfreeze_after", nil,
      "Train what is frozen after this epoch; after several, such as 2,4,6, layers follow from the last to the first",
      value: "epochs",
      absence: "never"), \.unfreezeAfter,
    allowed: "none, an epoch, or several in rising order such as 2,4,6", types: ["string", "integer", "null"]
  ) { input in
    if input.isNull { return [] }
    let parts = (input.string ?? input.integer.map(String.init))?.split(
      separator: ",", omittingEmptySubsequences: false)
    let epochs = parts?.compactMap { Int($0) } ?? []
    return epochs.count == parts?.count && Freezing.areRising(epochs) ? epochs : nil
  } json: { (epochs: [Int]) in
    epochs.isEmpty ? .null : .string(epochs.map(String.init).joined(separator: ","))
  }

  /// Its number is not an `Int`.
  private static let seed = SettingField.value(
    Engine.seed, \.training.seed, allowed: Engine.seed.allowed, types: ["integer"],
    schema: Engine.seed.range?.schema ?? []
  ) {
    $0.integer(for: Engine.seed).map { UInt64($0) }
  } json: {
    .integer(Int(truncatingIfNeeded: $0))
  }

  /// A table about the training images. Its path is kept as an absolute one, because a run may be resumed from elsewhere.
  private static func file(_ key: String, _ sentence: MessageText, _ place: Place<String?>) -> SettingField {
    .optional(.init(key, nil, sentence, value: "file", absence: "none"), place, allowed: "a CSV file") { input in
      input.string.flatMap { $0.isEmpty ? nil : Folder.absolutePath($0) }
    } json: {
      .string($0)
    }
  }

  /// Groups are separated by semicolons.
  private static let groups = SettingField(
    .init(
      "groups", nil, "Rates and decays of tensors by name, such as 'bn*.bias:rate=64;fc1.*:decay=0'", value: "list",
      absence: "none"),
    schema: [.init(name: "type", value: ["string", "null"])]
  ) { settings in
    settings.groups.isEmpty ? .null : .string(settings.groups.map(\.description).joined(separator: ";"))
  } assign: { input, settings in
    if input.isNull {
      settings.groups = []
      return nil
    }
    guard let text = input.string else { return "must be a list such as bn*.bias:rate=64, not \(input.description)." }
    do throws(ParameterGroup.ParsingError) {
      var groups: [ParameterGroup] = []
      for part in text.split(separator: ";", omittingEmptySubsequences: false) {
        groups.append(try ParameterGroup(parsing: part))
      }
      settings.groups = groups
      return nil
    } catch {
      return "must be a list such as bn*.bias:rate=64: '\(error.part)': \(error.reason)."
    }
  }

  /// Its text has its own grammar, so that the message can name the wrong part.
  private static let augment = SettingField(
    .init("augment", nil, "Random changes of the images, such as flip,shift=2,erase", value: "list"),
    schema: [.init(name: "type", value: ["string", "null"])]
  ) { settings in
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

  /// 0 means no validation set.
  private static let validation = SettingField.value(
    .init(
      "validation", nil, "Training images set aside for validation: a number or a fraction", value: "n"),
    \.validation, allowed: "a number of images, a fraction above 0 and below 1, or 0", types: ["number"],
    schema: [.init(name: "minimum", value: 0)]
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
