internal import ArgumentParser
internal import Runs

/// The files that `train` reads and writes.
struct RunFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The run folder; it must not exist, or be empty.", valueName: "folder"), completion: .directory)
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Save the run every so many steps, or after a time such as 30s, not only after each epoch.",
      valueName: "n|time"))
  var saveEvery: String?

  @Option(
    help: ArgumentHelp(
      "Keep the state after every n-th epoch, for 'jacquard reproduce --epochs' (only the last).", valueName: "n"))
  var keepStates: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Write event files for TensorBoard into the run folder: curves, inputs and weights (no).")
  var tensorboard: Bool?

  @Flag(help: "Print the resulting settings as JSON and end.")
  var printConfig = false

  @Option(
    help: ArgumentHelp(
      "Go on with a run that was stopped or killed.",
      discussion: """
        Its settings stay, but --epochs and --max-steps may grow, and --threads, --max-time, --save-every, --keep-states, --on-nan and --tensorboard may change.
        """, valueName: "run"), completion: .directory)
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Save and end after so many epochs of the run; --resume goes on, along the same schedule.", valueName: "n"))
  var pauseAfter: Int?

  func validate() throws {
    if let pauseAfter, pauseAfter < 1 {
      throw ValidationError("--pause-after must be a whole number of at least 1, not '\(pauseAfter)'.")
    }
  }

  /// The flags that were given, by the keys of their settings.
  var values: [TrainSettings.FlagValue] {
    let texts: [(String, String?)] = [
      ("save_every", saveEvery), ("keep_states", keepStates), ("tensorboard", tensorboard.map(String.init)),
    ]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }
}
