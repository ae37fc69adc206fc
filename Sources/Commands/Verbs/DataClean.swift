internal import ArgumentParser
internal import Datasets
internal import Figures
internal import Files
internal import JacquardEngine
internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// `jacquard data clean`: finds images that a person should look at.
struct DataClean: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean",
    abstract: "Find labels that are probably wrong, near-duplicates, and blurred, dark and odd-sized pictures.",
    discussion: """
      Labels are judged by networks that were not trained on them (confident learning; Northcutt et al., 2021): those of --crossval, or \
      of a quick cross-validation in the folder crossval of --out, which a second start of the same command continues. Near-duplicates \
      have almost the same perceptual hash, and correlate; for a network they have almost the same features.

      --out gets findings.csv, a contact sheet (sheet.png) and a page (report.html). Look at them, delete the rows of images that are \
      fine, and train with --exclude.

      Examples:
        jacquard data clean --out cleaning
        jacquard data clean --data photos --image-size 64 --out cleaning
        jacquard data clean --crossval runs/folds --out cleaning
      """)

  @Option(
    name: .long, help: ArgumentHelp("The folder for the results.", valueName: "folder"), completion: .directory)
  var out: String

  @Option(
    help: ArgumentHelp(
      "Take the predictions of this cross-validation: its folder, or its predictions.npz without networks.",
      valueName: "path"), completion: .file())
  var crossval: String?

  @Option(
    help: ArgumentHelp(
      "List only findings with these reasons: \(WordOption.list(DataFinding.Reason.allCases.map(\.rawValue), last: "and")) (all).",
      valueName: "list"), completion: .list(DataFinding.Reason.allCases.map(\.rawValue)), transform: Self.reasons)
  var reasons: [DataFinding.Reason] = DataFinding.Reason.allCases

  @Option(help: ArgumentHelp("Number of pictures for each reason on the sheet and the page.", valueName: "n"))
  var count = 40

  @Option(help: ArgumentHelp("The seed of the quick cross-validation.", valueName: "n"))
  var seed: UInt32 = 1

  @Option(help: ArgumentHelp("Worker threads ($JACQUARD_THREADS, else all cores).", valueName: "n"))
  var threads: Int?

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  private static func reasons(_ text: String) throws -> [DataFinding.Reason] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
      try WordOption.value(String(word), flag: "--reasons")
    }
  }

  func validate() throws {
    guard 1...1000 ~= count else {
      throw ValidationError("--count must be a whole number from 1 to 1000, not '\(count)'.")
    }
    try TrainingConfiguration.Settings.threads.check(threads)
  }

  func run() throws {
    let console = output.console
    StopSignal.install()
    let inference = InferenceSettings(model: nil, preprocessing: nil, batchSize: 64, threads: threads)
    let (predictions, network, source, training, place) = try prepared(inference, console)
    let test = try testSet(source, training)
    let cleaning = try DataCleaning(
      source, training: training, test: test, predictions: predictions, network: network, team: try inference.team())
    let report = CleaningReport(
      cleaning: cleaning, findings: cleaning.findings.filter { reasons.contains($0.reason) }, data: source.path,
      crossval: place)
    try Folder.makeWithParents(out)
    let (table, page) = (out + "/findings.csv", out + "/report.html")
    let sheet = report.isDrawable && !report.findings.isEmpty ? out + "/sheet.png" : nil
    try AtomicFile.write(text: report.csv, to: table)
    if let sheet {
      try PictureFile(path: sheet, theme: .light, scale: 2).write(try report.panels(count).drawing())
    }
    try AtomicFile.write(text: try report.page(count).html(), to: page)
    try console.result(
      output.json
        ? [report.json(table: table, sheet: sheet, page: page).text]
        : report.lines(table: table, sheet: sheet, page: page))
    if !output.json { console.note("next: jacquard train --exclude \(ShellText.quoted(table))") }
  }

  /// The probabilities of the training images, a network if there is one, the data, and the place of the cross-validation.
  private func prepared(
    _ inference: InferenceSettings, _ console: Console
  ) throws -> (OutOfFoldPredictions, Network?, DataSource, ImageSet, String) {
    if let crossval, Folder.kind(crossval) == .file {
      let source = try dataOptions.source(console)
      let set = try source.load(.training, classNames: nil)
      let predictions = try OutOfFoldPredictions(
        crossval, of: set, paths: try source.relativePaths(of: .training, count: set.count))
      return (predictions, nil, source, set, crossval)
    }
    let folder = crossval ?? out + "/crossval"
    if crossval == nil { try train(in: folder, inference, console) }
    let archive = folder + "/" + OutOfFoldPredictions.archiveName
    guard Folder.kind(archive) == .file else {
      throw Failure(
        .noInput,
        "\(folder): there is no \(OutOfFoldPredictions.archiveName); give a cross-validation that has ended, or continue it with 'jacquard crossval --resume'."
      )
    }
    let checkpoint = try Checkpoint(folder + "/fold-1", model: nil)
    let source = try dataOptions.source(for: checkpoint, console)
    let set = try source.load(.training, classNames: checkpoint.model.classNames)
    let predictions = try OutOfFoldPredictions(
      archive, of: set, paths: try source.relativePaths(of: .training, count: set.count))
    return (predictions, try checkpoint.network(), source, set, folder)
  }

  /// Trains the quick cross-validation, or what is left of it.
  private func train(in folder: String, _ inference: InferenceSettings, _ console: Console) throws {
    let study: CrossValidation
    if let begun = try CrossValidation(resuming: folder) {
      study = begun
      if study.settings.seed != UInt64(seed) {
        throw Failure(
          .usage,
          "--seed \(seed): the cross-validation in \(folder) has the seed \(study.settings.seed); restore it, or name another --out."
        )
      }
    } else {
      let settings = try TrainSettings.resolve(file: nil, flags: dataOptions.values)
      let source = try dataOptions.source(settings, file: nil, environment: [], console)
      let set = try source.load(.training, classNames: nil)
      study = try CrossValidation(
        in: folder, count: QuickRecipe.folds, settings: QuickRecipe.settings(settings, images: set.count, seed: seed),
        data: source.path)
    }
    let data = dataOptions.data ?? study.data
    let summary = try study.run(
      arguments: { $0.arguments(data: data) }, threads: inference.threadCount, console: console
    ) {
      try DataSource.named(data, study.settings, console: console)
    }
    if let stopped = StopSignal.request {
      console.say("jacquard: stopped; the same command continues\n")
      throw stopped
    }
    if let failure = summary.failure { throw failure }
    guard summary.isFinished else {
      throw Failure(.cannotCreate, "\(folder): another process is training some runs; wait for it, and start again.")
    }
  }

  /// The test images, if the data has any that look like the training images.
  private func testSet(_ source: DataSource, _ training: ImageSet) throws -> ImageSet? {
    guard try source.holds(.test) else { return nil }
    let test = try source.load(.test, classNames: training.classNames)
    return test.shape == training.shape ? test : nil
  }
}

/// The recipe of the cross-validation that `data clean` trains if it is given none.
enum QuickRecipe {
  /// Three networks, each trained on two thirds of the images.
  static let folds = 3
  /// A run trains about as many images, over all epochs, within the bounds of `epochs`.
  private static let trainedImages = 200_000
  private static let epochs = 5...30

  /// The settings for data of a number of images.
  static func settings(_ base: TrainSettings, images: Int, seed: UInt32) -> TrainSettings {
    var settings = base
    settings.model = "cnn"
    settings.epochs = min(epochs.upperBound, max(epochs.lowerBound, trainedImages / max(1, images)))
    settings.training.learningRate = 0.003
    settings.training.schedule = .onecycle
    settings.training.seed = numericCast(seed)
    settings.test = false
    return settings
  }
}
