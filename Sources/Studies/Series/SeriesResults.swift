internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// What the runs of a series reached, read from their folders.
struct SeriesResults {
  /// One run.
  struct Row {
    let run: SweepPlan.Run
    /// Its folder.
    let path: String
    let state: SweepRunState
    let failure: Failure?
    /// The text of the failure.
    let error: String?

    var status: String { failure == nil ? state.status.rawValue : SweepRunState.Status.failed.rawValue }
    var isFinished: Bool { failure == nil && state.status == .finished }
    var validation: EpochSummary.Score? { isFinished ? state.score(after: nil) : nil }
    var test: EpochSummary.Score? { isFinished ? state.test : nil }
  }

  /// The folder of all runs.
  let folder: String
  let rows: [Row]

  /// Reads the folders of all runs, whichever process trained them.
  ///
  /// - Parameter failures: The runs that failed in this process, by their places in the plan.
  init(_ plan: SweepPlan, failures: [Int: Failure], wording: any Wording) {
    folder = plan.folder
    rows = plan.runs.enumerated().map { place, run in
      let state = SweepRunState(plan.path(run))
      let failure = state.failure(failures[place])
      return Row(
        run: run, path: plan.path(run), state: state, failure: failure,
        error: failure.map { wording.description(of: $0).text })
    }
  }

  /// Whether every run has finished.
  var isFinished: Bool { rows.allSatisfy(\.isFinished) }
  /// Whether every run has ended.
  var isComplete: Bool { rows.allSatisfy { $0.isFinished || $0.failure != nil } }

  /// Why the exit code is not 0.
  var failure: Failure? {
    SweepRunState.failure(
      of: rows.compactMap { row in row.failure.map { (name: row.run.name, failure: $0) } }, among: rows.count)
  }

  /// Mean and standard deviation of the validation scores, for programs; null if no run has one.
  var validationJSON: JSONValue { Self.json(rows.compactMap(\.validation)) }
  /// The same for the test scores.
  var testJSON: JSONValue { Self.json(rows.compactMap(\.test)) }

  private static func json(_ scores: [EpochSummary.Score]) -> JSONValue {
    if scores.isEmpty { return .null }
    return [
      "count": .integer(scores.count), "loss": ScoreSpread(scores.map(\.loss)).json,
      "accuracy": ScoreSpread(scores.map(\.accuracy)).json,
    ]
  }

  /// A table of the runs.
  ///
  /// - Parameters:
  ///   - unit: What the runs differ in, such as `seed`: the heading of the first column.
  ///   - number: The number of a run, from its place and itself.
  func table(of unit: String, number: (Int, Row) -> Int) -> TextTable {
    var table = TextTable([
      (unit, .right), ("status", .left), ("validation", .right), ("test", .right), ("time", .right), ("run", .left),
    ])
    for (place, row) in rows.enumerated() {
      table.append([
        String(number(place, row)), row.status, row.validation.map { NumberText.percent($0.accuracy) } ?? "",
        row.test.map { NumberText.percent($0.accuracy) } ?? "",
        row.state.seconds.map { NumberText.duration($0) } ?? "", row.path,
      ])
    }
    return table
  }

  /// Mean and standard deviation of the accuracies that runs have, for people.
  func spreads(of unit: String) -> [(name: String, value: String)] {
    [("validation accuracy", rows.compactMap(\.validation)), ("test accuracy", rows.compactMap(\.test))]
      .filter { !$0.1.isEmpty }
      .map { name, scores in
        let spread = ScoreSpread(scores.map(\.accuracy))
        let deviation = spread.deviation.map { " ± \(NumberText.percent($0))" } ?? ""
        let count = scores.count == 1 ? "1 \(unit)" : "mean ± standard deviation of \(scores.count) \(unit)s"
        return (name, "\(NumberText.percent(spread.mean))\(deviation), \(count)")
      }
  }
}
