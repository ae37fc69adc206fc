internal import ArgumentParser
internal import Datasets
internal import Figures
internal import Files
internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// `jacquard batch`: evaluates many checkpoints on many data sets into one table.
struct Batch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Evaluate many checkpoints and data sets into one CSV or JSON Lines table.",
    discussion: """
      A checkpoint is a run folder (its last weights), a weights file, a folder full of either, or a pattern such as 'runs/*'. Each is \
      evaluated on every --split of every --data; the data is read once. Every evaluation is a row that is on the disk before the \
      next one begins. What cannot be evaluated is a row that says why; the others go on, and the exit code is 1. With \
      --min-accuracy it is 3 if an accuracy is lower and no row has failed.

      A batch that was stopped or killed goes on with --resume: rows of the same checkpoint and data, by their names and \
      SHA-256, the same split and views are not computed again.

      Examples:
        jacquard batch runs/* --output results.csv
        jacquard batch --list checkpoints.txt --split test --split train --output results.jsonl --resume
        jacquard batch 'runs/cnn-*' --ensemble --predictions probabilities --min-accuracy 0.9
      """)

  @Argument(help: ArgumentHelp("Run folders, weights files, folders of them, patterns.", valueName: "checkpoint"))
  var checkpoints: [String] = []

  @Option(help: ArgumentHelp("A file with a checkpoint per line; - is standard input.", valueName: "file"))
  var list: String?

  @Option(
    help: ArgumentHelp(
      "The data: a folder of IDX files, of .npy arrays, or of folders of PNG and JPEG pictures, one for each class; or an .npz file; may be given several times (where evaluate looks).",
      valueName: "path"))
  var data: [String] = []

  @Option(help: ArgumentHelp("test, train or validation; may be given several times (test).", valueName: "split"))
  var split: [EvaluationSplit] = []

  @Option(
    help: ArgumentHelp(
      "Also look at other views, and average: flip (mirror images), shift (a pixel up, down, left, right).",
      valueName: "views"))
  var tta = TestTimeViews.none

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The table: a .csv or .jsonl file (standard output).", valueName: "file"))
  var output: String?

  @Flag(help: "Go on with the table of --output: what is in it is not computed again.")
  var resume = false

  @Flag(help: "With --resume: compute rows that failed or took too long once more.")
  var retryFailed = false

  @Option(
    help: ArgumentHelp(
      "Evaluate in so many processes at a time, each with its part of --threads (in this one).", valueName: "n"))
  var jobs: Int?

  @Option(help: ArgumentHelp("Give a row up after this time, such as 30s or 2m (never).", valueName: "time"))
  var timeout: String?

  @Option(help: ArgumentHelp("The accuracy that every row must reach, 0…1.", valueName: "x"))
  var minAccuracy: Double?

  @Option(
    help: ArgumentHelp("Write each row's probabilities into this folder, as .npy files.", valueName: "folder"))
  var predictions: String?

  @Flag(help: "Add a row for the mean of the probabilities of all checkpoints, per data set and split.")
  var ensemble = false

  @OptionGroup(title: "Inference") var inference: InferenceOptions
  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func validate() throws {
    if let minAccuracy, !(0...1 ~= minAccuracy) {
      throw ValidationError("--min-accuracy must be a number of at least 0 and at most 1, not '\(minAccuracy)'.")
    }
    if let jobs, !(1...256 ~= jobs) {
      throw ValidationError("--jobs must be a whole number from 1 to 256, not '\(jobs)'.")
    }
    if let timeout, DurationText.seconds(timeout) == nil {
      throw ValidationError("--timeout must be a span of time such as 30s or 2m, not '\(timeout)'.")
    }
    if checkpoints.isEmpty, list == nil {
      throw ValidationError("Name checkpoints, or a file that lists them with --list.")
    }
    if resume, output == nil { throw ValidationError("--resume needs the table to go on with: name it with --output.") }
    if retryFailed, !resume { throw ValidationError("--retry-failed goes with --resume.") }
  }

  func run() throws {
    let console = outputOptions.console
    let paths = try CheckpointList.paths(checkpoints, list: list)
    guard !paths.isEmpty else { throw Failure(.noInput, "--list \(list ?? ""): no checkpoint is in this list.") }
    let settings = try inference.settings()
    let plan = BatchRun.Plan(
      checkpoints: try subjects(paths), splits: Self.once(split.isEmpty ? [.test] : split), views: tta,
      inference: settings, jobs: jobs, workerArguments: { workerArguments(jobs: $0, settings: settings) },
      timeout: timeout.flatMap(DurationText.seconds),
      predictions: try predictions.map { path throws(Failure) in try PredictionsFolder(path) },
      hasEnsemble: ensemble)
    let table = try output.map { try BatchTable(path: $0, resume: resume, retry: retryFailed) }
    StopSignal.install()
    if table == nil, !outputOptions.json { try console.result(BatchRow.csvHeader) }
    let total = plan.items.count + (ensemble ? plan.groups.count : 0)
    var count = 0
    let batch = BatchRun(plan, earlier: table?.earlier ?? [], console: console) { row in
      count += 1
      guard let table else { return try console.result(outputOptions.json ? row.json.text : row.csv) }
      try table.append(row)
      if console.progress != .none {
        let identity = row.identity
        console.note(
          "\(count) of \(total): \(identity.checkpoint), \(identity.split) of \(identity.data): \(row.summary)")
      }
    }
    try batch.run()
    let summary = BatchSummary(
      output: output, total: total, kept: batch.keptCount, rows: batch.rows, minAccuracy: minAccuracy)
    if table != nil { try console.result(outputOptions.json ? [summary.json.text] : summary.lines) }
    if let stopped = StopSignal.request {
      let advice = output.map { "; go on with --resume --output \(ShellText.quoted($0))" } ?? ""
      console.say("jacquard: stopped after \(batch.rows.count) of \(total) rows\(advice)\n")
      throw stopped
    }
    if let failure = summary.failure { throw failure }
  }

  /// What each of so many worker processes is told.
  private func workerArguments(jobs: Int, settings: InferenceSettings) -> [String] {
    let threads = settings.threads ?? max(1, settings.threadCount / jobs)
    var arguments = ["--tta", tta.rawValue] + inference.arguments(threads: threads)
    if let folder = predictions { arguments += ["--predictions", folder] }
    return arguments
  }

  /// The checkpoints with the data sets of --data, each once; without any those where `evaluate` looks.
  private func subjects(_ paths: [String]) throws -> [BatchRun.Subject] {
    if data.isEmpty {
      var common: String?
      return try paths.map { path -> BatchRun.Subject in
        if let own = DataOptions.ownPath(of: path, model: inference.model) { return .init(path: path, data: [own]) }
        let found = try common ?? DataSource.named(nil).path
        common = found
        return .init(path: path, data: [found])
      }
    }
    let sets = try Self.once(data).map { try DataSource.named($0).path }
    return paths.map { .init(path: $0, data: sets) }
  }

  private static func once<Element: Hashable>(_ elements: [Element]) -> [Element] {
    var seen: Set<Element> = []
    return elements.filter { seen.insert($0).inserted }
  }
}
