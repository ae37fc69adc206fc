internal import Files
internal import JacquardEngine
package import Runs
package import Support
package import Terminal

/// Runs with the same settings and successive seeds, each in its own subfolder.
package struct SeedStudy {
  /// The settings of the first run.
  package let settings: TrainSettings
  private let series: RunSeries

  /// The folder of all runs.
  package var folder: String { series.folder }
  /// The data folder or file.
  package var data: String { series.data }

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
    series = try RunSeries(in: folder, planName: Self.planName, runs: runs, data: data)
  }

  /// The study in a folder; nil if the folder contains none.
  ///
  /// - Throws: a `Failure` of the kind `badConfiguration` for a damaged plan.
  package init?(resuming path: String) throws(Failure) {
    let found = try RunSeries(resuming: path, planName: Self.planName, content: "several seeds") { runs in
      runs.enumerated().allSatisfy { $1.name == "seed-\(Int(runs[0].settings.seed) + $0)" }
    }
    guard let found else { return nil }
    series = found
    settings = found.plan.runs[0].settings
  }

  /// Rejects settings or a number of seeds other than those of the runs.
  package func check(_ now: TrainSettings, count: Int?) throws(Failure) {
    if let count, count != series.plan.runs.count {
      throw Failure(
        .badConfiguration,
        "\(folder): there are \(series.plan.runs.count) seeds in this folder, not \(count); restore the number, or start new runs."
      )
    }
    try series.check(now, against: settings)
  }

  /// Trains what is left, one run after the other, and writes `summary.json`.
  ///
  /// - Parameters:
  ///   - arguments: The arguments after the verb `worker` for a run.
  ///   - threads: Worker threads of each run.
  package func run(
    arguments: @escaping (SweepTraining.Task) -> [String], threads: Int, console: Console
  ) throws -> SeedSummary {
    let failures = try series.train(arguments: arguments, threads: threads, console: console)
    let summary = SeedSummary(series.plan, failures: failures, wording: console.wording)
    try AtomicFile.write(text: summary.json.indentedText + "\n", to: folder + "/summary.json")
    return summary
  }
}
