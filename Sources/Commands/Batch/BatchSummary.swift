internal import Support

/// What a batch came to.
struct BatchSummary {
  /// The table; nil for standard output.
  let output: String?
  /// The rows that there should be.
  let total: Int
  /// Those that were there before.
  let kept: Int
  /// Those that there are.
  let rows: [BatchRow]
  /// The accuracy that each must reach.
  let minAccuracy: Double?

  private var failedCount: Int { rows.count { $0.status != .ok } }

  /// The rows whose accuracy is too low, the lowest first.
  private var low: [BatchRow] {
    guard let minAccuracy else { return [] }
    return rows.filter { ($0.accuracy ?? 1) < minAccuracy }.sorted { ($0.accuracy ?? 0) < ($1.accuracy ?? 0) }
  }

  /// The row with the highest accuracy; of equal ones the first.
  private var best: BatchRow? {
    rows.reduce(nil) { best, row in (row.accuracy ?? -1) > (best?.accuracy ?? -1) ? row : best }
  }

  /// The summary for programs.
  var json: JSONValue {
    [
      "schema": 1, "output": output.map(JSONValue.string) ?? .null, "rows": .integer(total),
      "ok": .integer(rows.count - failedCount), "failed": .integer(failedCount), "kept": .integer(kept),
      "below_min_accuracy": minAccuracy == nil ? .null : .integer(low.count), "best": best?.json ?? .null,
    ]
  }

  /// The summary for people.
  var lines: [String] {
    var counts = "\(rows.count) of \(total): \(rows.count - failedCount) ok, \(failedCount) failed"
    if kept > 0 { counts += "; \(kept) were there before" }
    var pairs = [(name: "rows", value: counts)]
    if let best, let accuracy = best.accuracy {
      pairs.append(("best", "\(best.identity.checkpoint), \(best.identity.split): \(NumberText.percent(accuracy))"))
    }
    if let output { pairs.append(("table", output)) }
    return TextTable.pairs(pairs)
  }

  /// Why the exit code is not 0.
  var failure: CommandFailure? {
    if let first = rows.first(where: { $0.status != .ok }) {
      let more = failedCount == 1 ? "" : " and \(failedCount - 1) more"
      return CommandFailure(
        .someItemsFailed, "\(failedCount) of \(total) rows failed: \(first.identity.checkpoint)\(more): \(first.error)")
    }
    if let lowest = low.first, let accuracy = lowest.accuracy, let minAccuracy {
      return CommandFailure(
        .gateNotMet,
        "\(low.count) of \(total) rows are below --min-accuracy \(minAccuracy), the lowest is \(lowest.identity.checkpoint) "
          + "with \(NumberText.fixed(accuracy, decimals: 6)).")
    }
    return nil
  }
}
