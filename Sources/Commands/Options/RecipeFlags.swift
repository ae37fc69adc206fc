internal import ArgumentParser
internal import JacquardEngine
internal import Runs

/// The flags of `train` that say how long and at which rates the model learns. All are texts: `SettingField` reads and checks them.
struct RecipeFlags: ParsableArguments {
  @Option(help: ArgumentHelp("Passes over the training set (10).", valueName: "n"))
  var epochs: String?

  @Option(help: ArgumentHelp("End after so many steps.", valueName: "n"))
  var maxSteps: String?

  @Option(help: ArgumentHelp("End after this time, such as 90s, 10m or 1h30m.", valueName: "time"))
  var maxTime: String?

  @Option(help: ArgumentHelp("The learning rate at its highest (0.001).", valueName: "x"))
  var lr: String?

  @Option(
    help: ArgumentHelp(WordOption.help(\.schedule), valueName: "name"),
    completion: .words(TrainingConfiguration.ScheduleKind.self))
  var schedule: String?

  @Option(help: ArgumentHelp("Epochs in which the learning rate rises from zero (0).", valueName: "x"))
  var warmupEpochs: String?

  @Option(
    help: ArgumentHelp("End after so many epochs without a better validation score (never).", valueName: "epochs"))
  var earlyStopping: String?

  @Option(
    help: ArgumentHelp(
      "What to do about a loss or gradient that is not finite (stop).",
      discussion: """
        stop ends the run, skip leaves the step out, rollback goes back to the epoch's beginning and halves the learning rate.
        """, valueName: "action"), completion: .words(FaultPolicy.self))
  var onNan: String?

  @Flag(inversion: .prefixedNo, help: "Evaluate the test set at the end (yes).")
  var test: Bool?

  /// The flags that were given, by the keys of their settings.
  var values: [TrainSettings.FlagValue] {
    let texts: [(String, String?)] = [
      ("epochs", epochs), ("max_steps", maxSteps), ("max_time", maxTime), ("lr", lr), ("schedule", schedule),
      ("warmup_epochs", warmupEpochs), ("early_stopping", earlyStopping), ("on_nan", onNan),
      ("test", test.map(String.init)),
    ]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }
}
