internal import JacquardEngine
internal import ArgumentParser
internal import Files
internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// `jacquard reproduce`: checks that a run can be repeated.
struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Train a run again, and check that its weights are the same.",
    discussion: """
      Trains with the run's config.json up to the step at which the run ended, and compares every bit of the weights. The exit code is \
      0 if they are the same, and 3 if not; then the message lists known differences: version, processor, BLAS, kernels. Data other \
      than the run's is refused before training. Nothing is written, unless --out names a folder.

      --epochs trains only some epochs, from the state that the run kept before them (train --keep-states), and compares the state \
      after them; if that was not kept, the rows of metrics.csv. The first epochs need no state.

      A run has the same bits on any number of threads. On another processor, or with another BLAS, they may differ, unless it was \
      trained with --gemm portable, which gives the same bits on every processor with FMA.

      Examples:
        jacquard reproduce runs/cnn-1
        jacquard reproduce runs/cnn-1 --epochs 7..8 --threads 2
        jacquard reproduce runs/cnn-1 --data copy-of-the-data --json
        jacquard reproduce runs/cnn-1 --from-state epoch-6.safetensors --out again
      """)

  @Argument(help: ArgumentHelp("The run folder.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp("Only these epochs, such as 8 or 7..8 (all).", valueName: "epochs"))
  var epochs: String?

  @Option(
    help: ArgumentHelp("Start from this state of the run, not from one in its folder.", valueName: "file"),
    completion: .file())
  var fromState: String?

  @Option(
    help: ArgumentHelp("The data, if it has moved since the run.", valueName: "path"), completion: .file())
  var data: String?

  @Option(
    help: ArgumentHelp(
      "The weights that the run started from, if they have moved.", valueName: "file"),
    completion: .file())
  var initFrom: String?

  @Option(
    help: ArgumentHelp("Worker threads; they do not change the bits (the run's, else all cores).", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "Keep the repetition as a run folder; it must be new or empty.", valueName: "folder"),
    completion: .directory)
  var out: String?

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    try TrainingConfiguration.Settings.threads.check(threads)
    if let epochs, EpochRange.parse(epochs) == nil {
      throw ValidationError("--epochs must be an epoch or a range such as 7..8, not '\(epochs)'.")
    }
  }

  func run() throws {
    let console = output.console
    StopSignal.install()
    let options = Reproduction.Options(
      epochs: epochs.flatMap(EpochRange.parse), state: fromState, data: data, initialWeights: initFrom,
      threads: threads ?? SettingVariables.threads, out: out)
    let result = try Reproduction(folder, options: options, console: console).run()
    try console.result(output.json ? [result.json.text] : result.lines)
    if let failure = result.failure { throw failure }
  }
}
