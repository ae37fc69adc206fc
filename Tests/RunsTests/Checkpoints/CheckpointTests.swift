import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `evaluate` and `predict`: checkpoints, good and bad.
struct CheckpointTests {
  /// A pipe can be read only once, and its writer waits until a reader opens it.
  @Test func checkpointsComeThroughPipes() throws {
    let tool = try Tool()
    try tool.trainSmall("--epochs", "1")
    let weights = "run/weights/last.safetensors"
    let outcome = try tool.shell(
      """
      evaluate() { jacquard evaluate "$1" --data data --json | grep -o '"loss":[^,]*' | head -1; }
      mkfifo pipe; cat \(weights) > pipe & evaluate pipe; evaluate <(cat \(weights)); evaluate \(weights)
      """)
    let losses = outcome.output.split(separator: "\n")
    #expect(losses.count == 3 && Set(losses).count == 1, "\(outcome.output)\(outcome.error)")
  }

  @Test func evaluationAgreesWithItself() throws {
    let tool = try Tool()
    let trained = try tool.trainSmall("--epochs", "3", "--validation", "50")
    let outcome = try tool.run("evaluate", "run", "--data", "data", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error == "")
    let json = try outcome.json()
    #expect(
      Set(json.keys) == [
        "schema", "checkpoint", "model", "split", "tta", "count", "loss", "accuracy", "accuracy_interval",
        "balanced_accuracy", "top3", "expected_calibration_error", "macro", "per_class", "confusion", "most_confused",
        "calibration", "seconds",
        "images_per_second", "timing", "preprocessing", "preprocessing_from", "zero_weights",
      ])
    #expect(json["checkpoint"] as? String == "run")
    #expect(json["model"] as? String == "lenet")
    #expect(json["split"] as? String == "test")
    #expect(json["count"] as? Int == 50)
    let test = try #require(try trained.json()["test"] as? [String: Any])
    #expect(json["loss"] as? Double == test["loss"] as? Double)
    #expect(json["accuracy"] as? Double == test["accuracy"] as? Double)

    let confusion = try #require(json["confusion"] as? [[Int]])
    #expect(confusion.count == 10)
    let right = (0..<10).reduce(0) { $0 + confusion[$1][$1] }
    #expect(Double(right) / 50 == json["accuracy"] as? Double)
    let classes = try #require(json["per_class"] as? [[String: Any]])
    for (label, figures) in classes.enumerated() {
      #expect(figures["support"] as? Int == confusion[label].reduce(0, +))
      let recall = try #require(figures["recall"] as? Double)
      #expect(abs(recall - Double(confusion[label][label]) / 5) < 1e-6)
    }
    #expect(try #require(json["top3"] as? Double) >= #require(json["accuracy"] as? Double))
    // The small data has equally many images of each class.
    #expect(json["balanced_accuracy"] as? Double == json["accuracy"] as? Double)
    let interval = try #require(json["accuracy_interval"] as? [Double])
    #expect(interval.count == 2 && interval[0] < interval[1])
    #expect(interval[0] <= Double(right) / 50 && Double(right) / 50 <= interval[1])
    let macro = try #require(json["macro"] as? [String: Double])
    for name in ["precision", "recall", "f1"] {
      let mean = classes.reduce(0.0) { $0 + ($1[name] as? Double ?? .nan) } / 10
      #expect(abs((macro[name] ?? .nan) - mean) < 2e-6, "\(name)")
    }
    let timing = try #require(json["timing"] as? [String: Any])
    let parts = ["checkpoint", "data", "prediction", "figures"]
    let seconds = try parts.map { try #require(timing["\($0)_seconds"] as? Double) }
    let slowest = try #require(timing["slowest"] as? String)
    #expect(try seconds[#require(parts.firstIndex(of: slowest))] == seconds.max())

    // The best weights' own validation score is in the table of epochs.
    let best = try tool.run(
      "evaluate", "run/weights/best.safetensors", "--data", "data", "--split", "validation", "--json"
    ).json()
    #expect(best["count"] as? Int == 50)
    let epochs = try tool.folder.text("run/metrics.csv").split(separator: "\n").dropFirst()
    let accuracies = epochs.compactMap { Double($0.split(separator: ",")[6]) }
    #expect(best["accuracy"] as? Double == accuracies.max())
    let train = try tool.run("evaluate", "run", "--data", "data", "--split", "train", "--json").json()
    #expect(train["count"] as? Int == 150)
  }

  @Test func theGateDecidesTheExitCode() throws {
    let tool = try Tool()
    try tool.trainSmall("--epochs", "8")
    #expect(try tool.run("evaluate", "run", "--data", "data", "--min-accuracy", "0.5").status == 0)
    let missed = try tool.run("evaluate", "run", "--data", "data", "--min-accuracy", "1", "--split", "test", "--json")
    let accuracy = try #require(try missed.json()["accuracy"] as? Double)
    #expect(missed.status == (accuracy < 1 ? 3 : 0))
    try tool.trainSmall("--max-steps", "1", "--lr", "1e-9", into: "fresh")
    let fresh = try tool.run("evaluate", "fresh", "--data", "data", "--min-accuracy", "0.9")
    #expect(fresh.status == 3)
    #expect(fresh.errorLines.count == 1)
    #expect(fresh.error.contains("is below --min-accuracy 0.9."))
    #expect(fresh.output.contains("Rows are true classes"))
    #expect(try tool.run("evaluate", "run", "--min-accuracy", "2").status == 64)
  }

  @Test func batchesAndThreadsDoNotChangeTheFigures() throws {
    let tool = try Tool()
    try tool.trainSmall("--epochs", "1")
    let losses = try [["--threads", "1"], ["--threads", "3", "--batch-size", "7"], ["--batch-size", "1"]].map {
      try tool.run(["evaluate", "run", "--data", "data", "--json"] + $0).json()["loss"] as? Double
    }
    #expect(losses[0] != nil)
    #expect(Set(losses).count == 1)
  }

  @Test func predictionsAreTheArgumentOfTheLargestProbability() throws {
    let tool = try Tool()
    try tool.trainSmall("--epochs", "3")
    let outcome = try tool.run(
      "predict", "run", "data/t10k-images-idx3-ubyte:0..9", "data/t10k-images-idx3-ubyte:49", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error == "")
    let lines = try outcome.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(lines.count == 11)
    #expect(lines[9]["input"] as? String == "data/t10k-images-idx3-ubyte:9")
    #expect(lines[10]["input"] as? String == "data/t10k-images-idx3-ubyte:49")
    for line in lines {
      #expect(line["schema"] as? Int == 1)
      let probabilities = try #require(line["probabilities"] as? [Double])
      #expect(probabilities.count == 10)
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-5)
      let index = try #require(line["class"] as? Int)
      #expect(line["probability"] as? Double == probabilities.max())
      #expect(probabilities[index] == probabilities.max())
    }
    let answers = lines.map { $0["label"] as? String }

    // The whole file, as text: the same answers, and the number of right ones that `evaluate` counts.
    let text = try tool.run("predict", "run", "data/t10k-images-idx3-ubyte")
    let cells = text.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(cells.count == 50)
    #expect(cells[..<10].map { String($0[2]) } == answers[..<10].map { $0 })
    let right = cells.enumerated().count { $1[1] == String($0 % 10) }
    let evaluation = try tool.run("evaluate", "run", "--data", "data", "--json").json()
    #expect(evaluation["accuracy"] as? Double == Double(right) / 50)
  }

  @Test func anInputThatCannotBeReadIsALineAndTheOthersGoOn() throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "1")
    let inputs = [
      "nowhere", "t10k-images-idx3-ubyte:50", "data/t10k-labels-idx1-ubyte", "t10k-images-idx3-ubyte:3",
    ]
    let outcome = try tool.run(["predict", "run", "--data", "data", "--json"] + inputs)
    let lines = try outcome.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(lines.map { $0["input"] as? String } == inputs)
    #expect(lines.map { $0["error"] != nil } == [true, true, true, false])
    #expect((lines[1]["error"] as? String)?.contains("its 50 images have the numbers 0 to 49") == true)
    #expect(outcome.error == "jacquard: warning: 3 of 4 inputs failed; their lines say why\n")
    #expect(outcome.status == 1)
    let text = try tool.run("predict", "run", "nowhere")
    #expect(text.output.hasPrefix("nowhere\terror\tnowhere: "))
    #expect(text.status == 1)
  }

  @Test func weightsOfAnotherModelAreRefusedByName() throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "1")
    let extra = try tool.run("evaluate", "run", "--data", "data", "--model", "cnn")
    #expect(extra.status == 65)
    #expect(extra.errorLines.count == 1)
    #expect(
      extra.error.contains("the tensor \"fc3.weight\" [10, 84] is in the file, but not in the model"), "\(extra.error)")
    #expect(extra.error.contains("do not belong to the model \"cnn\""))

    // The same names with another width, and a model with one layer more.
    let wide = try tool.run("summary", "lenet", "--json")
    #expect(wide.status == 0)
    let layers = """
      {"type": "conv2d", "output_channels": 6, "kernel_size": 5, "padding": 2}, {"type": "relu"}, {"type": "max_pool2d", "size": 2},
      {"type": "conv2d", "output_channels": 16, "kernel_size": 5}, {"type": "relu"}, {"type": "max_pool2d", "size": 2},
      {"type": "flatten"}, {"type": "dense", "output_features": 120}, {"type": "relu"}
      """
    func model(_ rest: String) -> String {
      #"{"name": "other", "input_shape": [28, 28, 1], "layers": [\#(layers), \#(rest)]}"#
    }
    try tool.folder.write(
      model(#"{"type": "dense", "output_features": 80}, {"type": "relu"}, {"type": "dense", "output_features": 10}"#),
      to: "wide.json")
    let shape = try tool.run("evaluate", "run", "--data", "data", "--model", "wide.json")
    #expect(
      shape.error.contains("the tensor \"fc2.weight\" should have the shape [80, 120], but has [84, 120]"),
      "\(shape.error)")
    #expect(shape.status == 65)
    try tool.folder.write(
      model(
        #"{"type": "dense", "output_features": 84}, {"type": "dense", "output_features": 10}, {"type": "dense", "output_features": 10}"#
      ), to: "deep.json")
    let missing = try tool.run("evaluate", "run", "--data", "data", "--model", "deep.json")
    #expect(missing.error.contains("the tensor \"fc4.weight\" [10, 10] is missing in the file"), "\(missing.error)")
    #expect(missing.status == 65)
  }

  @Test func weightsWithoutMetadataNeedAModel() throws {
    let tool = try Tool()
    let trained = try tool.trainSmall("--epochs", "1")
    try tool.folder.write(
      try SafetensorsSurgery.withoutMetadata(tool.folder.path + "/run/weights/last.safetensors"), to: "bare.safetensors"
    )
    let nameless = try tool.run("evaluate", "bare.safetensors", "--data", "data")
    #expect(nameless.error.contains("name it with --model"))
    #expect(nameless.status == 64)
    let named = try tool.run("evaluate", "bare.safetensors", "--data", "data", "--model", "lenet", "--json")
    #expect(named.status == 0, "\(named.error)")
    let test = try #require(try trained.json()["test"] as? [String: Any])
    #expect(try named.json()["loss"] as? Double == test["loss"] as? Double)
    let split = try tool.run(
      "evaluate", "bare.safetensors", "--data", "data", "--model", "lenet", "--split", "validation")
    #expect(split.status == 64)
    #expect(split.error.contains("choose --split test or train."))
  }

  @Test func damagedAndMissingCheckpointsAreRefused() throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "1")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: tool.folder.path + "/run/weights/last.safetensors"))
    try tool.folder.write(bytes.dropLast(), to: "cut.safetensors")
    let cut = try tool.run("evaluate", "cut.safetensors", "--data", "data")
    #expect(cut.error.hasPrefix("jacquard: error: cut.safetensors: "))
    #expect(cut.errorLines.count == 1)
    #expect(cut.status == 65)
    let missing = try tool.run("evaluate", "nowhere", "--data", "data")
    #expect(missing.error.contains("nowhere: there is no such checkpoint"))
    #expect(missing.status == 66)
    let folder = try tool.run("evaluate", "data", "--data", "data")
    #expect(folder.error.contains("data: this folder contains no run"))
    #expect(folder.status == 66)
  }
}
