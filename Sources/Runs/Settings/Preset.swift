package import Support

/// A recipe with a name: settings for Fashion-MNIST, and what they reach there.
///
/// A preset is a layer of settings below a configuration file: whatever a file, a variable or a flag sets replaces it.
package struct Preset: Sendable {
  /// What `--preset` is given.
  package let name: String
  /// What it is for, in a few words.
  package let purpose: String
  /// The settings that differ from the defaults, as texts.
  package let values: [TrainSettings.FlagValue]
  /// The test accuracies of runs on all 60,000 images, evaluated once at the end of each.
  package let result: Result

  /// What some runs with different seeds reached.
  package struct Result: Sendable {
    /// The mean test accuracy, from 0 to 1.
    package let accuracy: Double
    /// The sample standard deviation of the test accuracy.
    package let deviation: Double
    /// The number of seeds, from 1.
    package let seeds: Int
    /// Seconds of a run, evaluation included.
    package let seconds: Double
    /// The parameters of the model.
    package let parameters: Int
  }

  /// The machine on which all times were measured.
  package static let machine = "two cores of an AMD EPYC (Zen 4)"

  /// All presets, fastest first.
  package static let all = [notebook, fast]

  /// The preset of a training that chooses no recipe.
  package static let usual = fast

  /// The settings of a recipe that only make sense together. Whoever sets one of them chooses a recipe, so the usual preset does not apply.
  package static let recipeKeys: Set = [
    "model", "optimizer", "lr", "momentum", "nesterov", "weight_decay", "schedule", "warmup_epochs", "loss",
    "focal_gamma", "sampling", "init",
    "whiten", "groups", "init_from", "from",
  ]

  /// The preset with a name.
  ///
  /// - Throws: a `Failure` that suggests a name.
  package init(named name: String) throws(Failure) {
    guard let preset = Self.all.first(where: { $0.name == name }) else {
      let names = Self.all.map(\.name)
      let hint = Suggestion.closest(to: name, among: names).map { " Did you mean '\($0)'?" } ?? ""
      throw Failure(.usage, "\(.preset) must be one of \(names.joined(separator: ", ")), not '\(name)'.\(hint)")
    }
    self = preset
  }

  /// The defaults with the preset's settings.
  package var settings: TrainSettings {
    get throws(Failure) { try TrainSettings.resolve(file: nil, flags: values) }
  }

  private init(_ name: String, _ purpose: String, _ values: [TrainSettings.FlagValue], _ result: Result) {
    self.name = name
    self.purpose = purpose
    self.values = values
    self.result = result
  }

  private static let notebook = Preset(
    "notebook", "the network and recipe of the usual tutorial: Adam at a constant rate, no augmentation",
    [("model", "cnn"), ("schedule", "constant")],
    Result(accuracy: 0.9002, deviation: 0.0025, seeds: 5, seconds: 32, parameters: 93_322))

  private static let fast = Preset(
    "fast", "the most accuracy in two minutes",
    [
      ("model", "air"), ("epochs", "9"), ("hardest", "0.5"), ("batch_size", "256"), ("optimizer", "muon"),
      ("lr", "0.08"), ("schedule", "linear"), ("label_smoothing", "0.2"), ("init", "dirac"), ("whiten", "true"),
      ("groups", "bn*.weight:rate=0;bn*.bias:rate=400;fc1.weight:rate=0.077"),
      ("augment", "flip,shift=1"),
    ],
    Result(accuracy: 0.9414, deviation: 0.0006, seeds: 5, seconds: 118, parameters: 496_546))
}
