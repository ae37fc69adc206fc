internal import ArgumentParser
internal import JacquardEngine
internal import Runs
internal import Support

/// The flags that determine a step of training. All are text; `SettingField` parses and checks them.
struct StepFlags: ParsableArguments {
  @Option(setting: "model", completion: .model) var model: String?
  @Option(setting: "batch_size") var batchSize: String?
  @Option(setting: "optimizer") var optimizer: String?
  @Option(setting: "momentum") var momentum: String?
  @Flag(setting: "nesterov") var nesterov: Bool?
  @Option(setting: "weight_decay") var weightDecay: String?
  @Option(setting: "loss") var loss: String?
  @Option(setting: "focal_gamma") var focalGamma: String?
  @Option(setting: "class_weights", completion: .file()) var classWeights: String?
  @Option(setting: "sampling") var sampling: String?
  @Option(setting: "label_smoothing") var labelSmoothing: String?
  @Option(setting: "clip_norm") var clipNorm: String?
  @Option(setting: "lookahead") var lookahead: String?
  @Option(setting: "hardest") var hardest: String?
  @Option(setting: "prune") var prune: String?
  @Option(setting: "prune_begin") var pruneBegin: String?
  @Option(setting: "prune_end") var pruneEnd: String?
  @Option(setting: "init") var initialization: String?
  @Flag(setting: "whiten") var whiten: Bool?
  @Option(setting: "groups") var groups: String?
  @Option(setting: "augment") var augment: String?
  @Option(setting: "validation") var validation: String?
  @Option(setting: "fold") var fold: String?
  @Option(setting: "fold_groups", completion: .file()) var foldGroups: String?
  @Option(setting: "exclude", completion: .file()) var exclude: String?
  @Option(setting: "seed") var seed: String?
  @Flag(setting: "shuffle") var shuffle: Bool?
  @Option(setting: "max_train") var maxTrain: String?

  /// The flags given, with the keys of their settings.
  var values: [TrainSettings.FlagValue] {
    let texts: [(String, String?)] = [
      ("model", model), ("batch_size", batchSize), ("optimizer", optimizer), ("momentum", momentum),
      ("nesterov", nesterov.map(String.init)), ("weight_decay", weightDecay), ("loss", loss),
      ("focal_gamma", focalGamma), ("class_weights", classWeights), ("sampling", sampling),
      ("label_smoothing", labelSmoothing), ("clip_norm", clipNorm), ("lookahead", lookahead), ("hardest", hardest),
      ("prune", prune), ("prune_begin", pruneBegin), ("prune_end", pruneEnd),
      ("init", initialization),
      ("whiten", whiten.map(String.init)),
      ("groups", groups),
      ("augment", augment), ("validation", validation), ("fold", fold), ("fold_groups", foldGroups),
      ("exclude", exclude),
      ("seed", seed),
      ("shuffle", shuffle.map(String.init)), ("max_train", maxTrain),
    ]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }

  /// The model of the settings, named by a flag, the environment or a configuration file.
  ///
  /// - Throws: a `Failure` that says where the model was named.
  func model(of settings: TrainSettings, config: String?) throws(Failure) -> ModelChoice {
    do throws(Failure) {
      return try ModelChoice(settings)
    } catch {
      guard model == nil, settings.source == nil, error.kind == .usage else { throw error }
      let variable = SettingVariables.values.first { $0.key == "model" }.map { _ in SettingVariables.prefix + "MODEL" }
      guard let place = variable ?? config else { throw error }
      throw Failure(.badConfiguration, "\(place): \(error.message)")
    }
  }
}
