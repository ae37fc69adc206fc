internal import ArgumentParser
internal import Runs

/// The files that `train` reads and writes.
struct RunFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The run folder; it must be new or empty.", valueName: "folder"), completion: .directory)
  var out: String?

  @Option(setting: "save_every") var saveEvery: String?
  @Option(setting: "keep_states") var keepStates: String?
  @Flag(setting: "tensorboard") var tensorboard: Bool?

  @Flag(help: "Print the resulting settings as JSON and exit.")
  var printConfig = false

  @Option(
    help: ArgumentHelp(
      "Resume a run that was stopped or killed.",
      discussion: """
        The run keeps its settings, but --epochs and --max-steps may grow, and --threads, --max-time, --save-every, --keep-states, \
        --on-nan and --tensorboard may change.
        """, valueName: "run"), completion: .directory)
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Save and end after epoch n of the run; --resume continues on the same schedule.", valueName: "n"))
  var pauseAfter: Int?

  func validate() throws {
    if let pauseAfter, pauseAfter < 1 {
      throw ValidationError("--pause-after must be a whole number of at least 1, not '\(pauseAfter)'.")
    }
  }

  /// The flags given, with the keys of their settings.
  var values: [TrainSettings.FlagValue] {
    let texts: [(String, String?)] = [
      ("save_every", saveEvery), ("keep_states", keepStates), ("tensorboard", tensorboard.map(String.init)),
    ]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }
}
