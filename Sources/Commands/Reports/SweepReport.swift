internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// The result of a sweep: its runs, best first, and the command that trains the winner.
struct SweepReport {
  private struct Row {
    let run: SweepPlan.Run
    let status: String
    let state: SweepRunState
    let score: EpochSummary.Score?
    let failure: Failure?
    /// The number of rungs completed.
    let rung: Int
  }

  private let plan: SweepPlan
  private let metric: SweepMetric
  private let data: String?
  private let rows: [Row]

  /// Reads the folders of all runs, whichever process trained them.
  ///
  /// - Parameter data: The data folder, if the command must name it.
  init(_ plan: SweepPlan, metric: SweepMetric, data: String?, failures: [Int: Failure]) {
    self.plan = plan
    self.metric = metric
    self.data = data
    let selection = SweepSelection(plan, metric: metric, failures: Set(failures.keys))
    let rows = plan.runs.enumerated().map { place, run in
      let state = SweepRunState(plan.path(run))
      let failure = state.failure(failures[place])
      let isDropped = selection.dropped.contains(place) && state.status != .finished
      return Row(
        run: run, status: failure == nil ? (isDropped ? "dropped" : state.status.rawValue) : "failed", state: state,
        score: state.score(after: nil), failure: failure,
        rung: (plan.halving?.rungs ?? []).count { state.epochs >= $0 } + (state.status == .finished ? 1 : 0))
    }
    // Sorting is stable: of equal runs the first comes first. Runs trained further come before others.
    self.rows = rows.sorted { a, b in
      if (a.failure == nil) != (b.failure == nil) { return a.failure == nil }
      if a.rung != b.rung { return a.rung > b.rung }
      guard let one = a.score else { return false }
      return b.score.map { metric.prefers(one, to: $0) } ?? true
    }
  }

  private var winner: Row? { rows.first { $0.state.status == .finished && $0.failure == nil && $0.score != nil } }

  /// The command that trains the winner again, to the same bytes.
  private var command: String? {
    guard let winner else { return nil }
    let data = data.map { " --data \(ShellText.quoted($0))" } ?? ""
    return "jacquard train --config \(ShellText.quoted(plan.path(winner.run) + "/config.json"))\(data) --out winner"
  }

  /// Whether every run is finished, or was dropped by a rung.
  var isComplete: Bool { rows.allSatisfy { $0.status != "waiting" && $0.status != "partial" } }

  /// Why the exit code is not 0.
  var failure: Failure? {
    SweepRunState.failure(
      of: rows.compactMap { row in row.failure.map { (name: row.run.name, failure: $0) } }, among: rows.count)
  }

  /// The result for programs.
  var json: JSONValue {
    [
      "schema": 1, "sweep": .string(plan.folder), "metric": .string(metric.rawValue), "complete": .bool(isComplete),
      "runs": .array(
        rows.map { row in
          [
            "run": .string(plan.path(row.run)), "status": .string(row.status), "epochs": .integer(row.state.epochs),
            "validation": row.score?.json ?? .null, "settings": .object(plan.variedSettings(row.run)),
            "weights_sha256": row.state.weightsSHA256.map(JSONValue.string) ?? .null,
            "error": row.failure.map { .string($0.text) } ?? .null,
          ]
        }),
      "winner": winner.map { .string(plan.path($0.run)) } ?? .null,
      "command": command.map(JSONValue.string) ?? .null,
    ]
  }

  /// The result for people.
  var lines: [String] {
    var table = TextTable(
      [("run", .left), ("status", .left), ("epochs", .right), ("accuracy", .right), ("loss", .right)]
        + plan.variedKeys.map { ($0, .right) })
    for row in rows {
      let score = row.score
      table.append(
        [
          row.run.name, row.status, String(row.state.epochs),
          score.map { NumberText.fixed($0.accuracy, decimals: 4) } ?? "",
          score.map { NumberText.fixed($0.loss, decimals: 4) } ?? "",
        ] + plan.variedSettings(row.run).map { BatchColumn.cell($0.value) })
    }
    guard let winner, let command else { return table.lines }
    return table.lines + [""]
      + TextTable.pairs([
        (isComplete ? "winner" : "best so far", plan.path(winner.run)), ("train it again", command),
        ("test it", "jacquard evaluate \(ShellText.quoted(plan.path(winner.run)))"),
      ])
  }
}
