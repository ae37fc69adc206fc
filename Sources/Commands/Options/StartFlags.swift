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

  /// The flags given, with the keys of their settings.
  var values: [TrainSettings.FlagValue] { initFrom.map { [("init_from", $0)] } ?? [] }

  /// The configuration file's path and content; nil if none was given.
  func configuration() throws(Failure) -> (path: String, content: JSONValue)? {
    guard let config else { return nil }
    return (config, try ConfigurationFile.content(of: config))
  }
}
