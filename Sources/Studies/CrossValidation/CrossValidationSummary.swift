package import JacquardEngine
internal import Runs
package import Support
internal import Terminal

/// The figures of a cross-validation: each run's, their mean and standard deviation, and those of all predictions together.
package struct CrossValidationSummary: SeriesSummary {
  private let results: SeriesResults
  /// The quality of the predictions for all images; nil until every run has finished.
  package internal(set) var outOfFold: ClassificationReport?

  /// Reads the folders of all runs, whichever process trained them.
  init(_ plan: SweepPlan, failures: [Int: Failure], wording: any Wording) {
    results = SeriesResults(plan, failures: failures, wording: wording)
  }

  /// Whether every run has finished.
  package var isFinished: Bool { results.isFinished }
  package var isComplete: Bool { results.isComplete }
  package var failure: Failure? { results.failure }
  /// Whether runs were scored on test images, as an ensemble can be.
  package var hasTestScores: Bool { results.rows.contains { $0.test != nil } }

  package var json: JSONValue {
    [
      "schema": 1, "run": .string(results.folder), "complete": .bool(isComplete),
      "folds": .integer(results.rows.count),
      "runs": .array(
        results.rows.enumerated().map { place, row in
          [
            "run": .string(row.path), "fold": .integer(place + 1), "status": .string(row.status),
            "validation": row.validation?.json ?? .null, "test": row.test?.json ?? .null,
            "weights_sha256": row.state.weightsSHA256.map(JSONValue.string) ?? .null,
            "error": row.error.map(JSONValue.string) ?? .null,
          ]
        }),
      "validation": results.validationJSON, "test": results.testJSON,
      "out_of_fold": outOfFold.map { report in
        [
          "count": .integer(report.count), "loss": .rounded(report.loss, decimals: 6),
          "accuracy": .rounded(report.accuracy, decimals: 6), "predictions": .string(predictions),
        ]
      } ?? .null,
    ]
  }

  package var lines: [String] {
    var pairs = results.spreads(of: "fold")
    if let outOfFold {
      let (loss, accuracy) = (NumberText.fixed(outOfFold.loss, decimals: 4), NumberText.percent(outOfFold.accuracy))
      pairs.append(("all images", "loss \(loss), accuracy \(accuracy), by runs that were not trained on them"))
      pairs.append(("predictions", predictions))
    }
    return results.table(of: "fold") { place, _ in place + 1 }.lines + [""]
      + TextTable.pairs(pairs + [("summary", results.folder + "/summary.json")])
  }

  /// The file of the predictions for all images.
  private var predictions: String { results.folder + "/" + OutOfFoldPredictions.archiveName }
}
