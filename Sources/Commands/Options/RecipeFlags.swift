internal import ArgumentParser

/// The flags of `train` that say how the model learns. All are texts: `SettingField` reads and checks them.
struct RecipeFlags: ParsableArguments {
  @Option(help: ArgumentHelp("lenet, cnn, vgg, or a JSON file (cnn).", valueName: "name|file"))
  var model: String?

  @Option(help: ArgumentHelp("Passes over the training set (10).", valueName: "n"))
  var epochs: String?

  @Option(help: ArgumentHelp("End after so many steps.", valueName: "n"))
  var maxSteps: String?

  @Option(help: ArgumentHelp("End after this time, such as 90s, 10m or 1h30m.", valueName: "time"))
  var maxTime: String?

  @Option(help: ArgumentHelp("Images of a step (128).", valueName: "n"))
  var batchSize: String?

  @Option(help: ArgumentHelp("sgd, adam or adamw (adam).", valueName: "name"))
  var optimizer: String?

  @Option(help: ArgumentHelp("The learning rate at its highest (0.001).", valueName: "x"))
  var lr: String?

  @Option(help: ArgumentHelp("The momentum of sgd (0).", valueName: "x"))
  var momentum: String?

  @Flag(help: "Use Nesterov's momentum with sgd.")
  var nesterov = false

  @Option(help: ArgumentHelp("Weight decay; biases and norms are left out (0; 0.01 for adamw).", valueName: "x"))
  var weightDecay: String?

  @Option(help: ArgumentHelp("constant, step, cosine or onecycle (cosine).", valueName: "name"))
  var schedule: String?

  @Option(help: ArgumentHelp("Epochs in which the learning rate rises from zero (0).", valueName: "x"))
  var warmupEpochs: String?

  @Option(help: ArgumentHelp("The share of the target that goes to all classes alike (0).", valueName: "x"))
  var labelSmoothing: String?

  @Option(help: ArgumentHelp("The largest norm of the gradient (no limit).", valueName: "x"))
  var clipNorm: String?

  @Option(name: .customLong("init"), help: ArgumentHelp("he, glorot or orthogonal (he).", valueName: "name"))
  var initialization: String?

  @Option(help: ArgumentHelp("Random changes of the images, such as flip,shift=2,erase (none).", valueName: "list"))
  var augment: String?

  @Option(help: ArgumentHelp("Images of the training set kept for validation: a count or a share (0).", valueName: "n"))
  var validation: String?

  @Option(
    help: ArgumentHelp("End after so many epochs without a better validation score (never).", valueName: "epochs"))
  var earlyStopping: String?

  @Option(
    help: ArgumentHelp(
      "What to do about a loss or gradient that is not finite (stop).",
      discussion: """
        stop ends the run, skip leaves the step out, rollback goes back to the epoch's beginning and halves the learning rate.
        """, valueName: "action"))
  var onNan: String?

  @Option(help: ArgumentHelp("The seed of everything random (1).", valueName: "n"))
  var seed: String?

  @Flag(inversion: .prefixedNo, help: "Give each epoch an order of its own (yes).")
  var shuffle: Bool?

  @Flag(inversion: .prefixedNo, help: "Evaluate the test set at the end (yes).")
  var test: Bool?

  @Option(help: ArgumentHelp("Use only the first images of the training set (all).", valueName: "n"))
  var maxTrain: String?

  /// The flags that were given, by the keys of their settings.
  var values: [TrainSettings.FlagValue] {
    let texts: [(String, String?)] = [
      ("model", model), ("epochs", epochs), ("max_steps", maxSteps), ("max_time", maxTime), ("batch_size", batchSize),
      ("optimizer", optimizer), ("lr", lr), ("momentum", momentum), ("nesterov", nesterov ? "true" : nil),
      ("weight_decay", weightDecay), ("schedule", schedule), ("warmup_epochs", warmupEpochs),
      ("label_smoothing", labelSmoothing), ("clip_norm", clipNorm), ("init", initialization), ("augment", augment),
      ("validation", validation), ("early_stopping", earlyStopping), ("on_nan", onNan), ("seed", seed),
      ("shuffle", shuffle.map(String.init)),
      ("test", test.map(String.init)), ("max_train", maxTrain),
    ]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }
}
