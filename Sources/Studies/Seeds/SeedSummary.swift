internal import JacquardEngine
internal import Runs
package import Support
internal import Terminal

/// The figures of runs with different seeds: each run's, and their mean and standard deviation.
package struct SeedSummary {
  private struct Row {
    let seed: Int
    let path: String
    let name: String
    let state: SweepRunState
    let failure: Failure?
    /// The text of the failure.
    let error: String?
    var status: String { failure == nil ? state.status.rawValue : SweepRunState.Status.failed.rawValue }
    var isFinished: Bool { failure == nil && state.status == .finished }
    var validation: EpochSummary.Score? { isFinished ? state.score(after: nil) : nil }
    var test: EpochSummary.Score? { isFinished ? state.test : nil }
  }

  private let folder: String
  private let rows: [Row]

  /// Reads the folders of all runs, whichever process trained them.
  init(_ plan: SweepPlan, failures: [Int: Failure], wording: any Wording) {
    folder = plan.folder
    rows = plan.runs.enumerated().map { place, run in
      let state = SweepRunState(plan.path(run))
      let failure = state.failure(failures[place])
      return Row(
        seed: Int(run.settings.seed), path: plan.path(run), name: run.name, state: state, failure: failure,
        error: failure.map { wording.description(of: $0).text })
    }
  }

  /// Whether every run has ended.
  package var isComplete: Bool { rows.allSatisfy { $0.isFinished || $0.failure != nil } }

  /// Why the exit code is not 0.
  package var failure: Failure? {
    SweepRunState.failure(
      of: rows.compactMap { row in row.failure.map { (name: row.name, failure: $0) } }, among: rows.count)
  }

  private var validation: [EpochSummary.Score] { rows.compactMap(\.validation) }
  private var test: [EpochSummary.Score] { rows.compactMap(\.test) }

  /// The result for programs.
  package var json: JSONValue {
    [
      "schema": 1, "run": .string(folder), "complete": .bool(isComplete),
      "runs": .array(
        rows.map { row in
          [
            "run": .string(row.path), "seed": .integer(row.seed), "status": .string(row.status),
            "validation": row.validation?.json ?? .null, "test": row.test?.json ?? .null,
            "seconds": row.state.seconds.map { .rounded($0, decimals: 3) } ?? .null,
            "weights_sha256": row.state.weightsSHA256.map(JSONValue.string) ?? .null,
            "error": row.error.map(JSONValue.string) ?? .null,
          ]
        }),
      "validation": Self.json(validation), "test": Self.json(test),
    ]
  }

  private static func json(_ scores: [EpochSummary.Score]) -> JSONValue {
    if scores.isEmpty { return .null }
    return [
      "count": .integer(scores.count), "loss": ScoreSpread(scores.map(\.loss)).json,
      "accuracy": ScoreSpread(scores.map(\.accuracy)).json,
    ]
  }

  /// The result for people.
  package var lines: [String] {
    var table = TextTable([
      ("seed", .right), ("status", .left), ("validation", .right), ("test", .right), ("time", .right), ("run", .left),
    ])
    for row in rows {
      table.append([
        String(row.seed), row.status, row.validation.map { NumberText.percent($0.accuracy) } ?? "",
        row.test.map { NumberText.percent($0.accuracy) } ?? "",
        row.state.seconds.map { NumberText.duration($0) } ?? "", row.path,
      ])
    }
    let spreads = [("validation accuracy", validation), ("test accuracy", test)].filter { !$0.1.isEmpty }
    return table.lines + [""]
      + TextTable.pairs(
        spreads.map { name, scores in
          let spread = ScoreSpread(scores.map(\.accuracy))
          let deviation = spread.deviation.map { " ± \(NumberText.percent($0))" } ?? ""
          let count = scores.count == 1 ? "1 seed" : "mean ± standard deviation of \(scores.count) seeds"
          return (name, "\(NumberText.percent(spread.mean))\(deviation), \(count)")
        } + [("summary", folder + "/summary.json")])
  }
}
