internal import ArgumentParser
internal import Runs
internal import Support

/// The starting point of a training: weights and settings.
struct StartFlags: ParsableArguments {
  @Option(setting: "init_from", completion: .file()) var initFrom: String?

  @Option(
    help: ArgumentHelp("Read settings from a JSON file, such as a run's config.json.", valueName: "file"),
    completion: .file())
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Start from the settings of a recipe that has a name: \(Preset.all.map(\.name).joined(separator: " or ")).",
      discussion:
        "Files, variables and flags override it; 'jacquard presets' says what each reaches. It is \(Preset.usual.name) if no file, variable or flag sets \(Self.recipeFlags).",
      valueName: "name"),
    completion: .list(Preset.all.map(\.name)))
  var preset: String?

  private static var recipeFlags: String {
    let flags = Preset.recipeKeys.subtracting(["momentum", "nesterov", "focal_gamma"]).sorted()
      .map { "--" + $0.replacing("_", with: "-") }
    return flags.dropLast().joined(separator: ", ") + " or " + (flags.last ?? "")
  }

  /// The settings below all others: those of the preset, or the defaults.
  func base() throws(Failure) -> TrainSettings {
    guard let preset else { return TrainSettings() }
    return try Preset(named: preset).settings
  }

  /// The same for a training, which has the usual preset if neither a file nor any of the settings with these keys chooses a recipe.
  func base(ofTrainingWith keys: [String]) throws(Failure) -> TrainSettings {
    let isRecipeChosen = preset != nil || config != nil || keys.contains(where: Preset.recipeKeys.contains)
    return isRecipeChosen ? try base() : try Preset.usual.settings
  }

  /// The flags given, with the keys of their settings.
  var values: [TrainSettings.FlagValue] { initFrom.map { [("init_from", $0)] } ?? [] }

  /// The configuration file's path and content; nil if none was given.
  func configuration() throws(Failure) -> (path: String, content: JSONValue)? {
    guard let config else { return nil }
    return (config, try ConfigurationFile.content(of: config))
  }
}
