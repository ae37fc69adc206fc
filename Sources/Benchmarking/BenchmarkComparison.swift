package import Support
internal import Terminal

/// A comparison of a result with an earlier one, row by row.
package struct BenchmarkComparison: Sendable {
  /// A row in both results.
  package struct Row: Equatable, Sendable {
    /// What was measured.
    package let name: String
    /// How much faster it is than before, in percent; negative if it is slower.
    package let change: Double
    /// Whether it is slower by more than the tolerance.
    package let isSlower: Bool
  }

  /// The earlier result's path.
  package let path: String
  /// How much slower a row may be, in percent.
  package let tolerance: Double
  /// The rows in both results, in the order of the new one.
  package let rows: [Row]
  /// Rows of the new result that the earlier one lacks.
  package let added: [String]
  /// Rows of the earlier result that the new one lacks, because they were not measured or failed.
  package let missing: [String]

  /// Compares rows of the same kind; rows with equal keys belong together.
  package init(
    _ rows: [JSONValue], with earlier: EarlierBenchmark, kind: BenchmarkKind, tolerance: Double
  ) {
    var before: [String: Double] = [:]
    for row in earlier.rows { before[kind.name(of: row) ?? ""] = kind.speed(of: row) }
    var (compared, added): ([Row], [String]) = ([], [])
    for row in rows {
      guard let name = kind.name(of: row), let now = kind.speed(of: row) else { continue }
      guard let then = before.removeValue(forKey: name) else {
        added.append(name)
        continue
      }
      let change = (now / then - 1) * 100
      compared.append(Row(name: name, change: change, isSlower: change < -tolerance))
    }
    path = earlier.path
    self.tolerance = tolerance
    self.rows = compared
    self.added = added
    missing = before.keys.sorted()
  }

  /// The failure for slower rows, or for a comparison without any row, which would hide a slowdown.
  package var failure: Failure? {
    guard !rows.isEmpty else {
      return Failure(
        .badData,
        "\(path): none of its rows was measured this time, so nothing was compared; use the same flags as before.")
    }
    let slower = rows.filter(\.isSlower)
    guard let worst = slower.min(by: { $0.change < $1.change }) else { return nil }
    let subject = slower.count == 1 ? "1 row is" : "\(slower.count) rows are"
    return Failure(
      .gateNotMet,
      "\(subject) slower than in \(path) by more than \(Self.percent(tolerance)); "
        + "the slowest is '\(worst.name)', by \(Self.percent(-worst.change)).")
  }

  /// The comparison for programs.
  package var json: JSONValue {
    [
      "against": .string(path),
      "tolerance_percent": .number(tolerance),
      "rows": .array(
        rows.map { row in
          [
            "row": .string(row.name), "change_percent": .significant(row.change),
            "slower": .bool(row.isSlower),
          ]
        }),
      "added": .array(added.map(JSONValue.string)),
      "missing": .array(missing.map(JSONValue.string)),
    ]
  }

  /// The comparison for people: the rows that changed by more than the tolerance, and a summary.
  package var lines: [String] {
    var table = TextTable([("row", .left), ("speed", .right)])
    let changed = rows.filter { $0.change.magnitude > tolerance }
    for row in changed { table.append([row.name, (row.change > 0 ? "+" : "") + Self.percent(row.change)]) }
    let counts = [
      "\(rows.count) compared", "\(rows.count(where: \.isSlower)) slower",
      "\(changed.count(where: { !$0.isSlower })) faster", "\(added.count) new", "\(missing.count) not measured",
    ]
    let summary = "Against \(path), beyond \(Self.percent(tolerance)): \(counts.joined(separator: ", "))."
    let lines = FoldedText.lines(summary, columns: FoldedText.terminalColumns)
    return changed.isEmpty ? lines : lines + [""] + table.lines
  }

  private static func percent(_ value: Double) -> String { NumberText.fixed(value, decimals: 1) + " %" }
}
