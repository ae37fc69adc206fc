internal import Runs
package import Support
internal import Terminal

/// The summary of a batch.
package struct BatchSummary {
  /// The table; nil for standard output.
  package let output: String?
  /// The number of planned rows.
  package let total: Int
  /// The number of rows that existed before.
  package let kept: Int
  /// The existing rows.
  package let rows: [BatchRow]
  /// The minimum accuracy of each row.
  package let minAccuracy: Double?

  /// Summarizes a batch.
  package init(output: String?, total: Int, kept: Int, rows: [BatchRow], minAccuracy: Double?) {
    self.output = output
    self.total = total
    self.kept = kept
    self.rows = rows
    self.minAccuracy = minAccuracy
  }

  private var failedCount: Int { rows.count { $0.status != .ok } }

  /// The rows with too low an accuracy, lowest first.
  private var low: [BatchRow] {
    guard let minAccuracy else { return [] }
    return rows.filter { ($0.accuracy ?? 1) < minAccuracy }.sorted { ($0.accuracy ?? 0) < ($1.accuracy ?? 0) }
  }

  /// The row with the highest accuracy; of equal ones the first.
  private var best: BatchRow? {
    rows.reduce(nil) { best, row in (row.accuracy ?? -1) > (best?.accuracy ?? -1) ? row : best }
  }

  /// The summary for programs.
  package var json: JSONValue {
    [
      "schema": 1, "output": output.map(JSONValue.string) ?? .null, "rows": .integer(total),
      "ok": .integer(rows.count - failedCount), "failed": .integer(failedCount), "kept": .integer(kept),
      "below_min_accuracy": minAccuracy == nil ? .null : .integer(low.count), "best": best?.json ?? .null,
    ]
  }

  /// The summary for people.
  package var lines: [String] {
    var counts = "\(rows.count) of \(total): \(rows.count - failedCount) ok, \(failedCount) failed"
    if kept > 0 { counts += "; \(kept) existed before" }
    var pairs = [(name: "rows", value: counts)]
    if let best, let accuracy = best.accuracy {
      pairs.append(("best", "\(best.identity.checkpoint), \(best.identity.split): \(NumberText.percent(accuracy))"))
    }
    if let output { pairs.append(("table", output)) }
    return TextTable.pairs(pairs)
  }

  /// The failure of the batch; nil if it succeeded.
  package var failure: Failure? {
    if let first = rows.first(where: { $0.status != .ok }) {
      let more = failedCount == 1 ? "" : " and \(failedCount - 1) more"
      return Failure(
        .someItemsFailed, "\(failedCount) of \(total) rows failed: \(first.identity.checkpoint)\(more): \(first.error)")
    }
    if let lowest = low.first, let accuracy = lowest.accuracy, let minAccuracy {
      return Failure(
        .gateNotMet,
        "\(low.count) of \(total) rows are below \(.minAccuracy) \(minAccuracy); the lowest is \(lowest.identity.checkpoint) "
          + "with \(NumberText.fixed(accuracy, decimals: 6)).")
    }
    return nil
  }
}
