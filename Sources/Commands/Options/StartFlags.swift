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
      discussion: "Files, variables and flags override it; 'jacquard presets' says what each reaches.",
      valueName: "name"),
    completion: .list(Preset.all.map(\.name)))
  var preset: String?

  /// The settings below all others: those of the preset, or the defaults.
  func base() throws(Failure) -> TrainSettings {
    guard let preset else { return TrainSettings() }
    return try Preset(named: preset).settings
  }

  /// The flags given, with the keys of their settings.
  var values: [TrainSettings.FlagValue] { initFrom.map { [("init_from", $0)] } ?? [] }

  /// The configuration file's path and content; nil if none was given.
  func configuration() throws(Failure) -> (path: String, content: JSONValue)? {
    guard let config else { return nil }
    return (config, try ConfigurationFile.content(of: config))
  }
}
