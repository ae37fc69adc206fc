internal import ArgumentParser
internal import JacquardEngine
internal import Runs

/// The flags of `train` for length and learning rates. All are text; `SettingField` parses and checks them.
struct RecipeFlags: ParsableArguments {
  @Option(setting: "epochs") var epochs: String?
  @Option(setting: "max_steps") var maxSteps: String?
  @Option(setting: "max_time") var maxTime: String?
  @Option(setting: "lr") var lr: String?
  @Option(setting: "schedule") var schedule: String?
  @Option(setting: "warmup_epochs") var warmupEpochs: String?
  @Option(setting: "average") var average: String?
  @Option(setting: "early_stopping") var earlyStopping: String?
  @Option(setting: "on_nan") var onNan: String?
  @Flag(setting: "test") var test: Bool?

  /// The flags given, with the keys of their settings.
  var values: [TrainSettings.FlagValue] {
    let texts: [(String, String?)] = [
      ("epochs", epochs), ("max_steps", maxSteps), ("max_time", maxTime), ("lr", lr), ("schedule", schedule),
      ("warmup_epochs", warmupEpochs), ("average", average),
      ("early_stopping", earlyStopping), ("on_nan", onNan),
      ("test", test.map(String.init)),
    ]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }
}
