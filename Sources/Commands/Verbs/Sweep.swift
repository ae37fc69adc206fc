internal import JacquardEngine
internal import ArgumentParser
internal import Datasets
internal import Files
internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// `jacquard sweep`: trains many settings and ranks them.
struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train a grid, random samples or a list of settings, and rank them.",
    discussion: """
      The file is a JSON object. "base" has the settings of all runs, with the keys of 'jacquard train --print-config'. "grid" has lists \
      of values, and trains every combination; "random" has a count, a seed and the distributions of settings; "list" has the settings \
      of each run. Runs are compared on a validation set, so "validation" is required; the test set is not used. With "halving", all \
      runs are trained to the first rung, one in "factor" continues to the next, and the last ones to the end.

      Each run is a run folder within --out. The same command continues a sweep that was stopped or killed. If it is started several \
      times, on one machine or on many with a shared folder, every run is trained once; --shard divides the runs beforehand.

      Examples:
        jacquard sweep grid.json --out sweeps/lr
        jacquard sweep grid.json --out sweeps/lr --jobs 2 --threads 1
        jacquard sweep grid.json --out /shared/lr --shard $SLURM_ARRAY_TASK_ID/8

      grid.json:
        {"base": {"epochs": 5, "validation": 0.1},
         "grid": {"lr": [0.001, 0.003], "optimizer": ["adam", "adamw"]}}

      Random samples, with successive halving:
        {"base": {"epochs": 9, "validation": 0.1},
         "random": {"count": 27, "seed": 1,
                    "settings": {"lr": {"log": [0.0001, 0.03]},
                                 "weight_decay": {"uniform": [0, 0.1]},
                                 "batch_size": [64, 128]}},
         "halving": {"rungs": [1, 3], "factor": 3}}
      """)

  @Argument(help: ArgumentHelp("A JSON file that describes the runs.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("The sweep's folder: a new one, or that of a sweep to continue.", valueName: "folder"))
  var out: String

  @Option(help: ArgumentHelp("Number of runs trained at once, each with its share of --threads (1).", valueName: "n"))
  var jobs = 1

  @Option(help: ArgumentHelp("Worker threads for all runs together (all cores).", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("Train only part i of n of the runs, such as 2/8 (all).", valueName: "i/n"))
  var shard: String?

  @Option(help: ArgumentHelp("Rank runs by accuracy or loss on the validation set.", valueName: "name"))
  var metric = SweepMetric.accuracy

  @Option(
    help: ArgumentHelp(
      "The data, as in 'jacquard train'; the settings say how to read pictures.", valueName: "path"))
  var data: String?

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard 1...256 ~= jobs else { throw ValidationError("--jobs must be a whole number from 1 to 256, not '\(jobs)'.") }
    try TrainingConfiguration.Settings.threads.check(threads)
    if let shard, SweepShard(shard) == nil {
      throw ValidationError("--shard must be a part such as 2/8, not '\(shard)'.")
    }
  }

  func run() throws {
    let console = output.console
    let file = try SweepFile(file)
    let part = shard.flatMap(SweepShard.init) ?? .whole
    guard file.halving == nil || part == .whole else {
      throw Failure(
        .usage,
        "--shard cannot be combined with \"halving\", which compares all runs; start the same command several times without --shard."
      )
    }
    let source = try DataSource.named(data)
    try file.checkPictureSettings(for: source)
    let plan = try SweepPlan(folder: out, file: file)
    StopSignal.install()
    let all = threads ?? min(WorkerTeam.largestCount, Machine.availableCores)
    let training = SweepTraining(
      plan,
      options: .init(
        arguments: { $0.arguments(data: source.path) }, metric: metric, shard: part, jobs: jobs,
        threads: max(1, all / jobs)),
      console: console)
    try training.run()
    let report = SweepReport(plan, metric: metric, data: data, failures: training.failures)
    try console.result(output.json ? [report.json.text] : report.lines)
    if let stopped = StopSignal.request {
      console.say("jacquard: stopped; the same command continues the sweep in \(VisibleText.of(out))\n")
      throw stopped
    }
    if !report.isComplete {
      console.note(
        "other processes are training some runs; run the same command again to train what is left and to see all results"
      )
    }
    if let failure = report.failure { throw failure }
  }
}

extension SweepTraining.Task {
  /// The arguments of the process that trains the run.
  func arguments(data: String) -> [String] {
    var arguments = ["train", "--quiet", "--json", "--data", data]
    if let settings {
      arguments += ["--config", settings, "--out", folder]
    } else {
      arguments += ["--resume", folder]
    }
    if let threads { arguments += ["--threads", String(threads)] }
    if let pauseEpoch { arguments += ["--pause-after", String(pauseEpoch)] }
    return arguments
  }
}

extension SweepMetric: ExpressibleByArgument {}
