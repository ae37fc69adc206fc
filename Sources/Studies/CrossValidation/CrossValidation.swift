package import Datasets
internal import Files
internal import JacquardEngine
package import Runs
package import Support
package import Terminal

/// One run for each of several folds, each in its own subfolder: it trains on all other folds, and its own is its validation set.
package struct CrossValidation {
  /// The settings of all runs, without the fold.
  package let settings: TrainSettings
  /// The number of folds.
  package let count: Int
  private let series: RunSeries

  /// The folder of all runs.
  package var folder: String { series.folder }
  /// The data folder or file.
  package var data: String { series.data }

  /// The name of the plan's file.
  package static let planName = "folds.json"

  /// Begins a cross-validation in an empty folder.
  ///
  /// - Parameters:
  ///   - count: The number of folds.
  ///   - settings: The settings of all runs; they set no validation images aside.
  ///   - data: Where the runs find their data.
  package init(in folder: String, count: Int, settings: TrainSettings, data: String) throws {
    // The runs' threads are those of each process.
    var common = settings
    common.threads = nil
    self.settings = common
    self.count = count
    let runs = (1...count).map { number in
      var settings = common
      settings.fold = FoldChoice(number, of: count)
      return SweepPlan.Run(name: "fold-\(number)", settings: settings)
    }
    series = try RunSeries(in: folder, planName: Self.planName, runs: runs, data: data)
  }

  /// The cross-validation in a folder; nil if the folder contains none.
  ///
  /// - Throws: a `Failure` of the kind `badConfiguration` for a damaged plan.
  package init?(resuming path: String) throws(Failure) {
    let found = try RunSeries(resuming: path, planName: Self.planName, content: "a cross-validation") { runs in
      runs.count > 1
        && runs.enumerated().allSatisfy { place, run in
          run.name == "fold-\(place + 1)" && run.settings.fold?.number == place + 1
            && run.settings.fold?.count == runs.count
        }
    }
    guard let found else { return nil }
    series = found
    count = found.plan.runs.count
    var common = found.plan.runs[0].settings
    common.fold = nil
    settings = common
  }

  /// Rejects settings or a number of folds other than those of the runs.
  package func check(_ now: TrainSettings, count: Int?) throws(Failure) {
    if let count, count != self.count {
      throw Failure(
        .badConfiguration,
        "\(folder): there are \(self.count) folds in this folder, not \(count); restore the number, or start new runs.")
    }
    try series.check(now, against: settings, except: ["fold"])
  }

  /// The folders of the runs, in the order of the folds.
  package var runs: [String] { series.plan.runs.map(series.plan.path) }

  /// Trains what is left, one run after the other. When all have finished, predicts the images of each fold by its run, and writes
  /// `predictions.npz` and `predictions.csv`; then writes `summary.json`.
  ///
  /// - Parameters:
  ///   - arguments: The arguments after the verb `worker` for a run.
  ///   - threads: Worker threads of each run.
  ///   - source: The data, read as the runs read it.
  package func run(
    arguments: @escaping (SweepTraining.Task) -> [String], threads: Int, console: Console,
    source: () throws -> DataSource
  ) throws -> CrossValidationSummary {
    let failures = try series.train(arguments: arguments, threads: threads, console: console)
    var summary = CrossValidationSummary(series.plan, failures: failures, wording: console.wording)
    if summary.isFinished, StopSignal.request == nil {
      let predictions = try OutOfFoldPredictions(runs, in: try source(), threads: threads)
      try predictions.write(to: folder)
      summary.outOfFold = predictions.report
    }
    try AtomicFile.write(text: summary.json.indentedText + "\n", to: folder + "/summary.json")
    return summary
  }
}
