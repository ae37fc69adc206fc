package import Support
internal import Terminal

/// The result of a training run, as in `train --json` and `run.json`.
package struct TrainingResult {
  /// The run folder.
  package var run: String
  /// The model's name.
  package var model: String
  /// The model's parameters.
  package var parameters: Int
  /// The number of epochs begun.
  package var epochs: Int
  /// The number of steps done.
  package var steps: Int
  /// The seed.
  package var seed: Int
  /// The worker threads.
  package var threads: Int
  /// The number of shards of a batch.
  package var shards: Int
  /// Seconds from the first step to the last evaluation.
  package var seconds: Double
  /// Images per second, of training steps only.
  package var imagesPerSecond: Double
  /// The means over the last epoch's steps; nil without any.
  package var training: EpochSummary.Score?
  /// The validation score after the last epoch; nil without a validation set.
  package var validation: EpochSummary.Score?
  /// The test score; nil if the test set was omitted.
  package var test: EpochSummary.Score?
  /// The weights file.
  package var weights: String
  /// Its SHA-256.
  package var weightsSHA256: String

  /// The result for programs.
  package var json: JSONValue {
    [
      "schema": 1,
      "run": .string(run),
      "model": .string(model),
      "parameters": .integer(parameters),
      "epochs": .integer(epochs),
      "steps": .integer(steps),
      "seed": .integer(seed),
      "threads": .integer(threads),
      "shards": .integer(shards),
      "seconds": .rounded(seconds, decimals: 3),
      "images_per_second": .rounded(imagesPerSecond, decimals: 1),
      "train": training?.json ?? .null,
      "validation": validation?.json ?? .null,
      "test": test?.json ?? .null,
      "weights": .string(weights),
      "weights_sha256": .string(weightsSHA256),
    ]
  }

  /// A recorded result, for people.
  package static func lines(of json: JSONValue) -> [String] {
    func score(_ name: String) -> EpochSummary.Score? { json[name].flatMap(EpochSummary.Score.init) }
    func text(_ name: String) -> String { json[name]?.string ?? "?" }
    func integer(_ name: String) -> Int { json[name]?.integer ?? 0 }
    return TrainingResult(
      run: text("run"), model: text("model"), parameters: integer("parameters"), epochs: integer("epochs"),
      steps: integer("steps"), seed: integer("seed"), threads: integer("threads"), shards: integer("shards"),
      seconds: json["seconds"]?.number ?? 0, imagesPerSecond: json["images_per_second"]?.number ?? 0,
      training: score("train"), validation: score("validation"), test: score("test"), weights: text("weights"),
      weightsSHA256: text("weights_sha256")
    ).lines
  }

  /// The result for people.
  package var lines: [String] {
    var pairs: [(name: String, value: String)] = [
      ("run", run),
      ("model", "\(model), \(NumberText.grouped(parameters)) parameters"),
      (
        "trained",
        "\(NumberText.grouped(steps)) step\(steps == 1 ? "" : "s") at \(NumberText.whole(imagesPerSecond)) images/s"
      ),
      ("time", "\(NumberText.duration(seconds)), evaluation included"),
    ]
    for (name, score) in [("train", training), ("validation", validation), ("test", test)] {
      guard let score else { continue }
      let loss = NumberText.fixed(score.loss, decimals: 4)
      pairs.append((name, "loss \(loss), accuracy \(NumberText.percent(score.accuracy))"))
    }
    return TextTable.pairs(pairs + [("weights", weights)])
  }
}
