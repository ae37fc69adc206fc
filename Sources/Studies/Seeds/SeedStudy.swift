internal import Files
internal import JacquardEngine
package import Runs
package import Support
package import Terminal

/// Runs with the same settings and successive seeds, each in its own subfolder.
package struct SeedStudy {
  /// The folder of all runs.
  package let folder: String
  /// The settings of the first run.
  package let settings: TrainSettings
  /// The data folder or file.
  package let data: String
  private let plan: SweepPlan

  /// The name of the plan's file.
  private static let planName = "seeds.json"

  /// Begins a study in an empty folder.
  ///
  /// - Parameters:
  ///   - count: The number of runs.
  ///   - settings: The settings of all runs; the first has their seed, and each further one the next.
  ///   - data: Where the runs find their data.
  /// - Throws: a `Failure`, of the kind `usage` if a seed is out of range.
  package init(in folder: String, count: Int, settings: TrainSettings, data: String) throws {
    self.folder = folder
    self.data = data
    // The runs' threads are those of each process.
    var common = settings
    common.threads = nil
    self.settings = common
    let seed = SettingField.named("seed")
    var runs: [SweepPlan.Run] = []
    for step in 0..<count {
      var settings = common
      let text = String(Int(common.seed) + step)
      if let problem = seed.assign(.text(text), &settings) { throw Failure(.usage, "\(seed.option) \(problem)") }
      runs.append(SweepPlan.Run(name: "seed-\(text)", settings: settings))
    }
    plan = SweepPlan(folder: folder, runs: runs)
    try plan.begin(plan.record(["data": .string(data)]), in: folder + "/" + Self.planName) { _ in true }
  }

  /// The study in a folder; nil if the folder contains none.
  ///
  /// - Throws: a `Failure` of the kind `badConfiguration` for a damaged plan.
  package init?(resuming path: String) throws(Failure) {
    let folder = PathText.trimmed(path)
    let file = folder + "/" + Self.planName
    guard Folder.kind(file) == .file else { return nil }
    let content = try SweepPlan.content(file)
    let damaged = Failure(
      .badConfiguration, "\(file): this is not a plan of several seeds; start again in a new folder.")
    guard let data = content["data"]?.string, let listed = content["runs"]?.array else { throw damaged }
    var runs: [SweepPlan.Run] = []
    for run in listed {
      guard let name = run["name"]?.string, let settings = run["settings"] else { throw damaged }
      runs.append(
        SweepPlan.Run(name: name, settings: try TrainSettings.resolve(file: (file, settings), flags: [])))
    }
    guard let first = runs.first, runs.enumerated().allSatisfy({ $1.name == "seed-\(Int(first.settings.seed) + $0)" })
    else { throw damaged }
    self.folder = folder
    self.data = data
    settings = first.settings
    plan = SweepPlan(folder: folder, runs: runs)
  }

  /// Rejects settings or a number of seeds other than those of the runs.
  package func check(_ now: TrainSettings, count: Int?) throws(Failure) {
    if let count, count != plan.runs.count {
      throw Failure(
        .badConfiguration,
        "\(folder): there are \(plan.runs.count) seeds in this folder, not \(count); restore the number, or start new runs."
      )
    }
    for field in SettingField.all where field.key != "threads" && field.read(now) != field.read(settings) {
      throw Failure(
        .badConfiguration,
        "\(folder): \"\(field.key)\" was \(field.read(settings).text) when these runs began, and is now \(field.read(now).text); "
          + "restore it, or start new runs.")
    }
  }

  /// Trains what is left, one run after the other, and writes `summary.json`.
  ///
  /// - Parameters:
  ///   - arguments: The arguments after the verb `worker` for a run.
  ///   - threads: Worker threads of each run.
  package func run(
    arguments: @escaping (SweepTraining.Task) -> [String], threads: Int, console: Console
  ) throws -> SeedSummary {
    let training = SweepTraining(
      plan,
      options: .init(arguments: arguments, metric: .accuracy, shard: .whole, jobs: 1, threads: threads),
      console: console)
    try training.run()
    let summary = SeedSummary(plan, failures: training.failures, wording: console.wording)
    try AtomicFile.write(text: summary.json.indentedText + "\n", to: folder + "/summary.json")
    return summary
  }
}
