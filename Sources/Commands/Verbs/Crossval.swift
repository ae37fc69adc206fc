internal import ArgumentParser
internal import Datasets
internal import JacquardEngine
internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// `jacquard crossval`: a run for each fold of the training images.
struct Crossval: TrainingVerb {
  static let configuration = CommandConfiguration(
    commandName: "crossval",
    abstract: "Train one run per fold of the training images, and predict every image by a run that has not seen it.",
    discussion: """
      The flags are those of 'jacquard train'. Folds have the classes in equal proportions, and depend on --seed alone; with \
      --fold-groups, images of a group stay in one fold. The runs are ordinary ones, in the subfolders fold-1, fold-2 and so on of \
      --out, and each has its fold as validation set. When all have finished, predictions.npz has the probabilities for all training \
      images, predictions.csv the answers, and summary.json the scores; 'jacquard evaluate' with --ensemble averages the runs. Whatever ended a cross-validation, --resume continues it, with \
      the same files at the end.

      Examples:
        jacquard crossval --model cnn --epochs 5 --out runs/folds
        jacquard crossval --data photos --image-size 64 --folds 10 --seed 2
        jacquard crossval --fold-groups patients.csv --out runs/patients
        jacquard crossval --resume runs/folds
      """)

  @Option(help: ArgumentHelp("Number of folds, 2 to 1000 (5).", valueName: "n"))
  var folds: Int?

  @OptionGroup(title: "Recipe") var step: StepFlags
  @OptionGroup(title: "Length and rates") var recipe: RecipeFlags
  @OptionGroup(title: "Computation") var computation: ComputationFlags
  @OptionGroup(title: "Start") var start: StartFlags
  @OptionGroup(title: "Transfer") var transfer: TransferFlags
  @OptionGroup(title: "Files") var files: RunFileOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  private static let usualCount = 5
  var hasValidationFolds: Bool { true }

  func validate() throws {
    if let folds, !(2...FoldChoice.largestCount ~= folds) {
      throw ValidationError("--folds must be a whole number from 2 to \(FoldChoice.largestCount), not '\(folds)'.")
    }
    if files.pauseAfter != nil { throw ValidationError("--pause-after stops a single run; crossval trains several.") }
  }

  func run() throws {
    let console = output.console
    StopSignal.install()
    guard let (study, threads) = try files.resume.map({ try continued($0) }) ?? begun(console) else { return }
    let data = dataOptions.data ?? study.data
    let summary = try study.run(
      arguments: { $0.arguments(data: data) }, threads: threadCount(threads), console: console
    ) {
      try DataSource.named(data, study.settings, console: console)
    }
    try report(summary, in: study.folder, console)
    if !output.json, summary.hasTestScores {
      console.note("next: jacquard evaluate \(ShellText.quoted(study.folder)) --ensemble")
    }
  }

  /// A new cross-validation; nil if only the settings were requested.
  private func begun(_ console: Console) throws -> (CrossValidation, threads: Int?)? {
    guard let (settings, model, source) = try preparation(console) else { return nil }
    guard settings.fold == nil, settings.validation == nil else {
      let key = settings.fold == nil ? "validation" : "fold"
      throw Failure(
        .usage, "crossval divides the training images into folds itself; remove \(key), or train a single run with it.")
    }
    if settings.earlyStopping != nil {
      console.warn(
        "early stopping chooses the end of each run by the images of its fold, so the predictions for them look better than they are"
      )
    }
    if let out = files.out, try CrossValidation(resuming: out) != nil {
      throw Failure(
        .cannotCreate,
        "--out \(out): the folder contains a cross-validation; resume it with --resume \(out), or name a new folder.")
    }
    let count = folds ?? Self.usualCount
    // What no run could use is refused before anything is written.
    let set = try source.load(.training, classNames: model.classNames)
    var first = settings
    first.fold = FoldChoice(1, of: count)
    _ = try TrainingData.split(
      set, settings: first, selection: try TrainingSelection(of: set, in: source, settings: first))
    let folder = try RunFolder(requested: files.out, name: model.name).path
    return (try CrossValidation(in: folder, count: count, settings: settings, data: source.path), settings.threads)
  }

  /// The cross-validation to resume.
  private func continued(_ path: String) throws -> (CrossValidation, threads: Int?) {
    guard let study = try CrossValidation(resuming: path) else {
      throw Failure(
        .noInput,
        "--resume \(path): this folder contains no cross-validation; a single run is resumed by 'jacquard train --resume'."
      )
    }
    guard files.out == nil, start.preset == nil else {
      throw Failure(
        .usage, "--out and --preset cannot be combined with --resume; the runs keep their folder and settings.")
    }
    let settings = try TrainSettings.resolve(study.settings, file: try start.configuration(), flags: flags)
    try study.check(settings, count: folds)
    if files.printConfig {
      throw Failure(.usage, "--print-config cannot be combined with --resume of a cross-validation.")
    }
    return (study, settings.threads)
  }
}
