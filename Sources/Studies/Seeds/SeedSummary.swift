internal import JacquardEngine
internal import Runs
package import Support
internal import Terminal

/// The figures of runs with different seeds: each run's, and their mean and standard deviation.
package struct SeedSummary: SeriesSummary {
  private let results: SeriesResults

  /// Reads the folders of all runs, whichever process trained them.
  init(_ plan: SweepPlan, failures: [Int: Failure], wording: any Wording) {
    results = SeriesResults(plan, failures: failures, wording: wording)
  }

  package var isComplete: Bool { results.isComplete }
  package var failure: Failure? { results.failure }

  package var json: JSONValue {
    [
      "schema": 1, "run": .string(results.folder), "complete": .bool(isComplete),
      "runs": .array(
        results.rows.map { row in
          [
            "run": .string(row.path), "seed": .integer(Self.seed(row)), "status": .string(row.status),
            "validation": row.validation?.json ?? .null, "test": row.test?.json ?? .null,
            "seconds": row.state.seconds.map { .rounded($0, decimals: 3) } ?? .null,
            "weights_sha256": row.state.weightsSHA256.map(JSONValue.string) ?? .null,
            "error": row.error.map(JSONValue.string) ?? .null,
          ]
        }),
      "validation": results.validationJSON, "test": results.testJSON,
    ]
  }

  package var lines: [String] {
    results.table(of: "seed") { Self.seed($1) }.lines + [""]
      + TextTable.pairs(results.spreads(of: "seed") + [("summary", results.folder + "/summary.json")])
  }

  private static func seed(_ row: SeriesResults.Row) -> Int { Int(row.run.settings.seed) }
}
