internal import ArgumentParser
internal import Datasets
internal import Figures
internal import Files
internal import JacquardEngine
internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// `jacquard batch`: evaluates many checkpoints on many data sets and writes one table.
struct Batch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Evaluate many checkpoints and data sets into one CSV or JSON Lines table.",
    discussion: """
      A checkpoint is a run folder (its last weights), a weights file, a folder full of either, or a pattern such as 'runs/*'. Each is \
      evaluated on every --split of every --data; the data is read once. Every evaluation adds one row, which is on the disk before the \
      next evaluation begins. A checkpoint that cannot be evaluated gets a row with the error; the others continue, and the exit code \
      is 1. With --min-accuracy the exit code is 3 if an accuracy is lower and no row failed.

      A batch that was stopped or killed continues with --resume: it skips rows with the same checkpoint and data (by name and \
      SHA-256), split and views.

      Examples:
        jacquard batch runs/* --output results.csv
        jacquard batch --list list.txt --split train --output all.jsonl --resume
        jacquard batch 'runs/cnn-*' --ensemble --min-accuracy 0.9
      """)

  @Argument(help: ArgumentHelp("Run folders, weights files, folders of them, patterns.", valueName: "checkpoint"))
  var checkpoints: [String] = []

  @Option(help: ArgumentHelp("A file with one checkpoint per line; - is standard input.", valueName: "file"))
  var list: String?

  @Option(
    help: ArgumentHelp(
      "The data: a folder of IDX files, of .npy arrays, or of picture folders, one per class; or an .npz file; repeatable (as in evaluate).",
      valueName: "path"))
  var data: [String] = []

  @Option(help: ArgumentHelp("test, train or validation; may be given several times (test).", valueName: "split"))
  var split: [EvaluationSplit] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The table: a .csv or .jsonl file (standard output).", valueName: "file"))
  var output: String?

  @Flag(help: "Continue the table of --output; rows in it are not computed again.")
  var resume = false

  @Flag(help: "With --resume: compute failed and timed-out rows again.")
  var retryFailed = false

  @Option(
    help: ArgumentHelp(
      "Number of processes that evaluate at once, each with its share of --threads (in this process).", valueName: "n"))
  var jobs: Int?

  @Option(help: ArgumentHelp("Abandon a row after this time, such as 30s or 2m (never).", valueName: "time"))
  var timeout: String?

  @Option(help: ArgumentHelp("Minimum accuracy of every row, 0…1.", valueName: "x"))
  var minAccuracy: Double?

  @Option(
    help: ArgumentHelp("Write each row's probabilities to this folder, as .npy files.", valueName: "folder"))
  var predictions: String?

  @Flag(help: "Add a row for the mean of all checkpoints' probabilities, per data set and split.")
  var ensemble = false

  @OptionGroup var viewOptions: ViewOptions
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
      throw ValidationError("--timeout must be a time such as 30s or 2m, not '\(timeout)'.")
    }
    if checkpoints.isEmpty, list == nil {
      throw ValidationError("Name checkpoints, or a file that lists them with --list.")
    }
    if resume, output == nil { throw ValidationError("--resume needs the table to continue; name it with --output.") }
    if retryFailed, !resume { throw ValidationError("--retry-failed needs --resume.") }
  }

  func run() throws {
    let console = outputOptions.console
    let paths = try CheckpointList.paths(checkpoints, list: list)
    guard !paths.isEmpty else { throw Failure(.noInput, "--list \(list ?? ""): this list contains no checkpoint.") }
    let settings = try inference.settings()
    let plan = BatchRun.Plan(
      checkpoints: try subjects(paths), splits: Self.once(split.isEmpty ? [.test] : split), views: viewOptions.views,
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
      let advice = output.map { "; continue with --resume --output \(ShellText.quoted($0))" } ?? ""
      console.say("jacquard: stopped after \(batch.rows.count) of \(total) rows\(advice)\n")
      throw stopped
    }
    if let failure = summary.failure { throw failure }
  }

  /// The arguments of each worker process.
  private func workerArguments(jobs: Int, settings: InferenceSettings) -> [String] {
    let threads = settings.threads ?? max(1, settings.threadCount / jobs)
    var arguments = ["--views", viewOptions.views.description] + inference.arguments(threads: threads)
    if let folder = predictions { arguments += ["--predictions", folder] }
    return arguments
  }

  /// The checkpoints with the data sets of --data, without duplicates; without --data, with those that `evaluate` would use.
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
