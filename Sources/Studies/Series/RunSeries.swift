internal import Files
internal import Runs
internal import Support
internal import Terminal

/// Runs of almost the same settings, each in its own subfolder, with a plan from which any process can continue them.
struct RunSeries {
  /// The folder of all runs.
  let folder: String
  /// The data folder or file.
  let data: String
  /// The runs, by the means of sweeps.
  let plan: SweepPlan

  /// Begins a series in an empty folder.
  ///
  /// - Parameter planName: The name of the plan's file.
  init(in folder: String, planName: String, runs: [SweepPlan.Run], data: String) throws {
    self.folder = folder
    self.data = data
    plan = SweepPlan(folder: folder, runs: runs)
    try plan.begin(plan.record(["data": .string(data)]), in: folder + "/" + planName) { _ in true }
  }

  /// The series in a folder; nil if the folder contains none.
  ///
  /// - Parameters:
  ///   - content: What the plan contains, to follow "this is not a plan of".
  ///   - isWhole: Whether the runs are those of such a series.
  /// - Throws: a `Failure` of the kind `badConfiguration` for a damaged plan.
  init?(
    resuming path: String, planName: String, content: String, isWhole: ([SweepPlan.Run]) -> Bool
  ) throws(Failure) {
    let folder = PathText.trimmed(path)
    let file = folder + "/" + planName
    guard Folder.kind(file) == .file else { return nil }
    let found = try SweepPlan.content(file)
    let damaged = Failure(
      .badConfiguration, "\(file): this is not a plan of \(content); start again in a new folder.")
    guard let data = found["data"]?.string, let listed = found["runs"]?.array else { throw damaged }
    var runs: [SweepPlan.Run] = []
    for run in listed {
      guard let name = run["name"]?.string, let settings = run["settings"] else { throw damaged }
      runs.append(
        SweepPlan.Run(name: name, settings: try TrainSettings.resolve(file: (file, settings), flags: [])))
    }
    guard !runs.isEmpty, isWhole(runs) else { throw damaged }
    self.folder = folder
    self.data = data
    plan = SweepPlan(folder: folder, runs: runs)
  }

  /// Rejects settings other than those of the series.
  ///
  /// - Parameters:
  ///   - before: Its settings.
  ///   - differing: The keys of settings that differ between its runs.
  func check(_ now: TrainSettings, against before: TrainSettings, except differing: Set<String> = []) throws(Failure) {
    for field in SettingField.all
    where field.key != "threads" && !differing.contains(field.key) && field.read(now) != field.read(before) {
      throw Failure(
        .badConfiguration,
        "\(folder): \"\(field.key)\" was \(field.read(before).text) when these runs began, and is now \(field.read(now).text); "
          + "restore it, or start new runs.")
    }
  }

  /// Trains what is left, one run after the other; returns the runs that failed in this process.
  ///
  /// - Parameters:
  ///   - arguments: The arguments after the verb `worker` for a run.
  ///   - threads: Worker threads of each run.
  func train(
    arguments: @escaping (SweepTraining.Task) -> [String], threads: Int, console: Console
  ) throws -> [Int: Failure] {
    let training = SweepTraining(
      plan,
      options: .init(arguments: arguments, metric: .accuracy, shard: .whole, jobs: 1, threads: threads),
      console: console)
    try training.run()
    return training.failures
  }
}
