internal import ArgumentParser

/// The files that `train` reads and writes.
struct RunFileOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The run folder; it must not exist, or be empty.", valueName: "folder"))
  var out: String?

  @Option(help: ArgumentHelp("Start from these weights.", valueName: "file"))
  var initFrom: String?

  @Option(help: ArgumentHelp("Write the last weights every so many steps, not only after each epoch.", valueName: "n"))
  var saveEvery: String?

  @Option(help: ArgumentHelp("Read settings from a JSON file, such as a run's config.json.", valueName: "file"))
  var config: String?

  @Flag(help: "Print the resulting settings as JSON and end.")
  var printConfig = false

  @Option(help: .hidden)
  var resume: String?

  /// The flags that were given, by the keys of their settings.
  var values: [TrainSettings.FlagValue] {
    let texts = [("init_from", initFrom), ("save_every", saveEvery)]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }

  /// The configuration file's path and content; nil when none was given.
  func configuration() throws(CommandFailure) -> (path: String, content: JSONValue)? {
    guard let config else { return nil }
    return (config, try ConfigurationFile.content(of: config))
  }
}
