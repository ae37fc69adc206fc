internal import ArgumentParser
internal import JacquardEngine
internal import Runs
internal import Support

/// The flags that say what a step of training does. All are texts: `SettingField` reads and checks them.
struct StepFlags: ParsableArguments {
  @Option(help: ArgumentHelp("lenet, cnn, vgg, or a JSON file (cnn).", valueName: "name|file"), completion: .model)
  var model: String?

  @Option(help: ArgumentHelp("Images of a step (128).", valueName: "n"))
  var batchSize: String?

  @Option(
    help: ArgumentHelp(WordOption.help(\.optimizer), valueName: "name"),
    completion: .words(TrainingConfiguration.OptimizerKind.self))
  var optimizer: String?

  @Option(help: ArgumentHelp("The momentum of sgd (0).", valueName: "x"))
  var momentum: String?

  @Flag(inversion: .prefixedNo, help: "Use Nesterov's momentum with sgd (no).")
  var nesterov: Bool?

  @Option(help: ArgumentHelp("Weight decay; biases and norms are left out (\(weightDecays)).", valueName: "x"))
  var weightDecay: String?

  @Option(help: ArgumentHelp("The share of the target that goes to all classes alike (0).", valueName: "x"))
  var labelSmoothing: String?

  @Option(help: ArgumentHelp("The largest norm of the gradient (no limit).", valueName: "x"))
  var clipNorm: String?

  @Option(
    name: .customLong("init"), help: ArgumentHelp(WordOption.help(\.initialization), valueName: "name"),
    completion: .words(Initialization.self))
  var initialization: String?

  @Option(help: ArgumentHelp("Random changes of the images, such as flip,shift=2,erase (none).", valueName: "list"))
  var augment: String?

  @Option(help: ArgumentHelp("Images of the training set kept for validation: a count or a share (0).", valueName: "n"))
  var validation: String?

  @Option(help: ArgumentHelp("The seed of everything random (1).", valueName: "n"))
  var seed: String?

  @Flag(inversion: .prefixedNo, help: "Give each epoch an order of its own (yes).")
  var shuffle: Bool?

  @Option(help: ArgumentHelp("Use only the first images of the training set (all).", valueName: "n"))
  var maxTrain: String?

  /// The weight decay of most optimizers, and those that have another, such as `0; 0.01 for adamw`.
  private static var weightDecays: String {
    let others = TrainingConfiguration.OptimizerKind.allCases.filter { $0.defaultWeightDecay != 0 }
    return (["0"] + others.map { "\($0.defaultWeightDecay) for \($0.rawValue)" }).joined(separator: "; ")
  }

  /// The flags that were given, by the keys of their settings.
  var values: [TrainSettings.FlagValue] {
    let texts: [(String, String?)] = [
      ("model", model), ("batch_size", batchSize), ("optimizer", optimizer), ("momentum", momentum),
      ("nesterov", nesterov.map(String.init)), ("weight_decay", weightDecay), ("label_smoothing", labelSmoothing),
      ("clip_norm", clipNorm), ("init", initialization), ("augment", augment), ("validation", validation),
      ("seed", seed),
      ("shuffle", shuffle.map(String.init)), ("max_train", maxTrain),
    ]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }

  /// The model of the settings, whose name may stand in a flag, in the environment or in a configuration file.
  ///
  /// - Throws: a `Failure` that names the place where the model is named.
  func model(of settings: TrainSettings, config: String?) throws(Failure) -> ModelChoice {
    do throws(Failure) {
      return try ModelChoice(settings.model)
    } catch {
      guard model == nil, error.kind == .usage else { throw error }
      let variable = SettingVariables.values.first { $0.key == "model" }.map { _ in SettingVariables.prefix + "MODEL" }
      guard let place = variable ?? config else { throw error }
      throw Failure(.badConfiguration, "\(place): \(error.message)")
    }
  }
}
