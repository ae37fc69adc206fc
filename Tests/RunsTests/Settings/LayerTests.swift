import CommandTestSupport
import Foundation
import Runs
import Support
import TestSupport
import Testing

/// The precedence of settings: flags override the environment, which overrides a file, which overrides the defaults.
struct LayerTests {
  /// Three values of each setting that differ from its default and from each other.
  private static let samples: [String: [String]] = [
    "model": ["lenet", "vgg", "a.json"], "epochs": ["2", "3", "4"], "max_steps": ["5", "6", "7"],
    "max_time": ["10s", "20s", "30s"], "batch_size": ["16", "32", "64"], "optimizer": ["sgd", "adamw", "sgd"],
    "lr": ["0.1", "0.2", "0.3"], "momentum": ["0.1", "0.2", "0.3"], "nesterov": ["true", "true", "true"],
    "weight_decay": ["0.1", "0.2", "0.3"], "schedule": ["constant", "step", "onecycle"],
    "warmup_epochs": ["1.0", "2.0", "3.0"], "loss": ["focal", "focal", "focal"],
    "focal_gamma": ["1.0", "3.0", "4.0"], "class_weights": ["balanced", "1,2", "2,3"],
    "sampling": ["balanced", "balanced", "balanced"],
    "label_smoothing": ["0.1", "0.2", "0.3"],
    "clip_norm": ["1.0", "2.0", "3.0"], "average": ["ema=0.9", "swa=0.5", "ema=0.99"],
    "lookahead": ["5", "7:0.25", "3"], "hardest": ["0.5", "0.25", "0.75"],
    "prune": ["0.5", "0.25", "0.75"], "prune_begin": ["0.2", "0.25", "0.5"], "prune_end": ["0.5", "0.8", "1.0"],
    "init": ["glorot", "orthogonal", "glorot"], "whiten": ["true", "true", "true"],
    "groups": ["bn*:rate=0", "fc1.*:decay=0.5;*.bias:rate=64,epochs=3", "conv?.weight:epochs=2"],
    "augment": ["flip", "shift=1", "erase"],
    "validation": ["100", "0.5", "0.25"],
    "fold": ["1/2", "2/3", "3/5"], "fold_groups": ["a.csv", "b.csv", "c.csv"],
    "exclude": ["a.csv", "b.csv", "c.csv"],
    "seed": ["2", "3", "4"], "threads": ["1", "2", "3"], "shards": ["1", "2", "3"],
    "algorithm": ["naive", "im2col", "winograd"], "gemm": ["naive", "naive", "naive"],
    "from": ["a", "b.onnx", "c.safetensors"], "freeze": ["body", "body,norms", "conv1.*"],
    "unfreeze_after": ["1", "1,2", "1,2,4"],
    "teacher": ["a", "b.onnx", "c,d"], "teacher_temperature": ["1.0", "2.0", "3.5"],
    "teacher_weight": ["0.5", "0.25", "1.0"],
    "init_from": ["a.safetensors", "b.safetensors", "c.safetensors"], "save_every": ["1", "30s", "2"],
    "keep_states": ["1", "2", "3"],
    "early_stopping": ["1", "2", "3"], "on_nan": ["skip", "rollback", "skip"], "max_train": ["10", "20", "30"],
    "tensorboard": ["true", "true", "true"], "image_size": ["8x9", "16x17", "24x32"],
    "image_colors": ["gray", "color", "gray"], "fit": ["crop", "pad", "crop"],
    "invert": ["auto", "yes", "auto"], "skip_broken": ["true", "true", "true"],
    "shuffle": ["false", "false", "false"],
    "test": ["false", "false", "false"],
  ]

  /// Settings that must also be set for the whole to be valid.
  private static func companions(of key: String) -> [(key: String, text: String)] {
    switch key {
    case "momentum": [("optimizer", "sgd")]
    case "unfreeze_after": [("freeze", "body")]
    case "prune_begin", "prune_end": [("prune", "0.5")]
    case "teacher_temperature", "teacher_weight": [("teacher", "a")]
    case "nesterov": [("optimizer", "sgd"), ("momentum", "0.9")]
    case "focal_gamma": [("loss", "focal")]
    case "early_stopping": [("validation", "0.1")]
    default: []
    }
  }

  /// A text as a configuration file would contain it.
  private static func json(_ text: String) -> String {
    Double(text) != nil || text == "true" || text == "false" ? text : "\"\(text)\""
  }

  /// A setting after the given layers, as a file would contain it.
  private static func value(
    _ field: SettingField, file: String? = nil, environment: String? = nil, flag: String? = nil
  ) throws -> JSONValue {
    let companions = companions(of: field.key)
    let values = companions.map { ($0.key, $0.text) } + (file.map { [(field.key, $0)] } ?? [])
    let text = values.map { "\"\($0.0)\": \(json($0.1))" }.joined(separator: ", ")
    return field.read(
      try TrainSettings.resolve(
        file: ("a.json", try JSONReader.value(of: Array("{\(text)}".utf8))),
        environment: environment.map { [(field.key, $0)] } ?? [],
        flags: flag.map { [(field.key, $0)] } ?? []))
  }

  @Test(arguments: SettingField.all.map(\.key))
  func everyLayerOfEverySetting(key: String) throws {
    let field = try #require(SettingField.all.first { $0.key == key })
    let texts = try #require(Self.samples[key], "\(key) has no samples here")
    let alone = try texts.map { try Self.value(field, flag: $0) }
    let none = try Self.value(field)
    #expect(!alone.contains(none), "\(alone) \(none)")
    #expect(try Self.value(field, file: texts[0]) == alone[0])
    #expect(try Self.value(field, environment: texts[1]) == alone[1])
    #expect(try Self.value(field, file: texts[0], environment: texts[1]) == alone[1])
    #expect(try Self.value(field, file: texts[0], flag: texts[2]) == alone[2])
    #expect(try Self.value(field, environment: texts[1], flag: texts[2]) == alone[2])
    #expect(try Self.value(field, file: texts[0], environment: texts[1], flag: texts[2]) == alone[2])
  }

  /// Each flag of `train` sets the setting with its key, and no other.
  @Test(arguments: SettingField.all.map(\.key))
  func everyFlagSetsItsSetting(key: String) throws {
    let field = SettingField.named(key)
    let text = try #require(Self.samples[key]?[1], "\(key) has no samples here")
    let tool = try Tool()
    let flags = (Self.companions(of: key).map { ($0.key, $0.text) } + [(key, text)]).flatMap { key, text in
      let flag = "--" + SettingField.named(key).option.words
      return text == "true" ? [flag] : text == "false" ? ["--no-" + flag.dropFirst(2)] : [flag, text]
    }
    // A model, so that the usual preset does not apply.
    let outcome = try tool.run(["train", "--print-config", "--model", "cnn"] + flags)
    #expect(outcome.status == 0, "\(outcome.error)")
    let printed = try JSONReader.value(of: Array(outcome.output.utf8))
    #expect(printed[key] == (try Self.value(field, flag: text)))
    let others = SettingField.all.filter { field in
      field.key != key && !Self.companions(of: key).contains { $0.key == field.key }
        && printed[field.key] != field.read(TrainSettings())
    }
    // The weight decay is the optimizer's own.
    #expect(others.map(\.key).filter { $0 != "weight_decay" } == [])
  }

  /// Boolean settings in the built command: the upper layer reverses the one below.
  @Test func theCommandHasTheLayersToo() throws {
    var tool = try Tool()
    try tool.folder.write(#"{"epochs": 3, "seed": 5, "shuffle": false, "test": false, "lr": 0.5}"#, to: "a.json")
    tool.environment = ["JACQUARD_EPOCHS": "4", "JACQUARD_SEED": "6", "JACQUARD_SHUFFLE": "true", "JACQUARD_LR": ""]
    let outcome = try tool.run("train", "--config", "a.json", "--seed", "7", "--test", "--print-config")
    #expect(outcome.status == 0 && outcome.error == "", "\(outcome.error)")
    let json = try outcome.json()
    #expect(json["epochs"] as? Int == 4)
    #expect(json["seed"] as? Int == 7)
    #expect(json["shuffle"] as? Bool == true)
    #expect(json["test"] as? Bool == true)
    // An empty variable counts as none.
    #expect(json["lr"] as? Double == 0.5)
    #expect(json["batch_size"] as? Int == 128)
  }

  /// An upper layer can reverse what a lower one has set.
  @Test func theWordNoneTakesBack() throws {
    let tool = try Tool(environment: ["JACQUARD_MAX_STEPS": "none", "JACQUARD_OPTIMIZER": "sgd"])
    try tool.folder.write(
      #"{"max_steps": 7, "validation": 100, "early_stopping": 3, "nesterov": true, "momentum": 0.5}"#, to: "a.json")
    let outcome = try tool.run(
      "train", "--config", "a.json", "--early-stopping", "none", "--validation", "none", "--no-nesterov",
      "--print-config")
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json()
    #expect(json["max_steps"] is NSNull && json["early_stopping"] is NSNull)
    #expect(json["validation"] as? Int == 0)
    #expect(json["nesterov"] as? Bool == false)
    #expect(try Tool().run("train", "--epochs", "none", "--print-config").status == 64)
  }

  @Test func aRunRemembersWhatTheEnvironmentSaid() throws {
    let runs = try TinyRun()
    var tool = runs.tool
    tool.environment = ["JACQUARD_LABEL_SMOOTHING": "0.25", "JACQUARD_EPOCHS": "9"]
    let outcome = try tool.run(["train", "--out", "run"] + TinyRun.recipe + ["--max-steps", "2"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try tool.json("run/config.json")["label_smoothing"] as? Double == 0.25)
    #expect(try tool.json("run/config.json")["epochs"] as? Int == 2)
    // A resumed run keeps its own settings, regardless of the environment at that time.
    tool.environment = ["JACQUARD_LABEL_SMOOTHING": "0.5", "JACQUARD_EPOCHS": "1"]
    let resumed = try tool.run("train", "--resume", "run", "--max-steps", "3", "--quiet")
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try tool.json("run/config.json")["label_smoothing"] as? Double == 0.25)
  }

  @Test(arguments: [
    ("JACQUARD_EPOCH", "3", "Unknown environment variable 'JACQUARD_EPOCH'. Did you mean 'JACQUARD_EPOCHS'?"),
    (
      "JACQUARD_COLOUR", "3",
      "Unknown environment variable 'JACQUARD_COLOUR'. 'jacquard help train' lists the known variables; unset it."
    ),
    ("JACQUARD_EPOCHS", "0", "JACQUARD_EPOCHS must be a whole number from 1 to 100000, not '0'."),
    ("JACQUARD_SHUFFLE", "no", "JACQUARD_SHUFFLE must be true or false, not 'no'."),
    ("JACQUARD_INIT", "hee", "JACQUARD_INIT must be he, glorot, orthogonal or dirac, not 'hee'. Did you mean 'he'?"),
    (
      "JACQUARD_NESTEROV", "true",
      "JACQUARD_NESTEROV: nesterov needs the optimizer sgd with a momentum above 0, not adam with 0.0."
    ),
  ])
  func aWrongVariableIsBadConfiguration(name: String, value: String, message: String) throws {
    let outcome = try Tool(environment: [name: value]).run("train", "--print-config")
    #expect(outcome.error == "jacquard: error: \(message)\n")
    #expect(outcome.output == "")
    #expect(outcome.status == 78)
  }

  /// The message names the layer with the invalid value, even if a layer above it would win.
  @Test func aFlagDoesNotHideAWrongVariable() throws {
    let tool = try Tool(environment: ["JACQUARD_LR": "fast"])
    let outcome = try tool.run("train", "--lr", "0.1", "--print-config")
    #expect(outcome.status == 78)
    #expect(outcome.error == "jacquard: error: JACQUARD_LR must be a number above 0 and at most 100, not 'fast'.\n")
    #expect(try Tool(environment: ["JACQUARD_LR": "1"]).run("train", "--lr", "fast", "--print-config").status == 64)
  }

  @Test func aModelIsNamedWhereItWasMistyped() throws {
    let tool = try Tool(environment: ["JACQUARD_MODEL": "lenett"])
    let outcome = try tool.run("train")
    #expect(outcome.status == 78)
    #expect(outcome.error.hasPrefix("jacquard: error: JACQUARD_MODEL: "))
    #expect(outcome.error.contains("lenet"))
  }

  @Test func otherVerbsTakeThreadsAndRefuseWhatTheyDoNotKnow() throws {
    var tool = try Tool()
    try tool.trainSmall("--max-steps", "1")
    let plain = try tool.run("predict", "run", "data/t10k-images-idx3-ubyte:0..3")
    tool.environment = ["JACQUARD_THREADS": "3", "JACQUARD_LR": "0.5", "JACQUARD_LIBRARY": "anything"]
    let threaded = try tool.run("predict", "run", "data/t10k-images-idx3-ubyte:0..3")
    #expect(threaded.status == 0, "\(threaded.error)")
    #expect(threaded.output == plain.output)
    tool.environment = ["JACQUARD_THREADS": "many"]
    let refused = try tool.run("predict", "run", "data/t10k-images-idx3-ubyte:0..3")
    #expect(refused.status == 78)
    #expect(refused.error == "jacquard: error: JACQUARD_THREADS must be a whole number from 1 to 256, not 'many'.\n")
    tool.environment = ["JACQUARD_THREAD": "3"]
    let unknown = try tool.run("doctor")
    #expect(unknown.status == 78)
    #expect(unknown.error.contains("Did you mean 'JACQUARD_THREADS'?"))
    // Help must work.
    #expect(try tool.run("help", "train").status == 0)
    #expect(try tool.run("train", "--help").status == 0)
  }

  @Test func theNumberOfThreadsIsThatOfTheVariable() throws {
    let runs = try TinyRun()
    var tool = runs.tool
    tool.environment = ["JACQUARD_THREADS": "3"]
    let recipe = ["train", "--model", "tiny.json", "--data", "data", "--max-steps", "1", "--quiet", "--json", "--out"]
    #expect(try tool.run(recipe + ["one"]).json()["threads"] as? Int == 3)
    #expect(try tool.run(recipe + ["two", "--threads", "2"]).json()["threads"] as? Int == 2)
  }
}
