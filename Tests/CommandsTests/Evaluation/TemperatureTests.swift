import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `evaluate --fit-temperature`, and what the temperature changes afterwards.
struct TemperatureTests {
  private static let images = "data/t10k-images-idx3-ubyte"

  /// A run on images of which every fourth has the label of another class, so that no network answers all of them right.
  private static func trained() throws -> Tool {
    let tool = try Tool()
    try SmallData.write(in: tool.folder)
    for (part, count) in [("train", 200), ("t10k", 50)] {
      let labels = (0..<count).map { (number: Int) -> UInt8 in
        let label = number % 4 == 3 ? number + 1 : number
        return UInt8(label % 10)
      }
      try tool.folder.write(SmallData.header(type: 0x08, [count]) + Data(labels), to: "data/\(part)-labels-idx1-ubyte")
    }
    let outcome = try tool.run(
      "train", "--model", "lenet", "--data", "data", "--out", "run", "--batch-size", "20", "--epochs", "6", "--lr",
      "0.003",
      "--validation", "50", "--threads", "2", "--quiet")
    try #require(outcome.status == 0, "\(outcome.error)")
    return tool
  }

  private func json(_ tool: Tool, _ arguments: [String]) throws -> [String: Any] {
    let outcome = try tool.run(arguments + ["--json"])
    #expect(outcome.status == 0 && outcome.error == "", "\(arguments): \(outcome.error)")
    return try outcome.json()
  }

  private func loss(_ json: [String: Any]?) throws -> Double { try #require(json?["loss"] as? Double) }

  @Test func aTemperatureIsFittedStoredAndUsed() throws {
    let tool = try Self.trained()
    let validation = ["evaluate", "run", "--data", "data", "--split", "validation"]
    let test = ["evaluate", "run", "--data", "data"]
    let before = (validation: try json(tool, validation), test: try json(tool, test))
    #expect(before.test["temperature"] == nil && before.test["uncalibrated"] == nil)
    let probabilities = try predictions(tool)
    #expect(try tool.run("verify", "run").status == 0)

    let fit = try json(tool, ["evaluate", "run", "--data", "data", "--fit-temperature"])
    #expect(fit["split"] as? String == "validation")
    let temperature = try #require(fit["temperature"] as? Double)
    #expect(temperature != 1)
    #expect(fit["accuracy"] as? Double == before.validation["accuracy"] as? Double)
    #expect(try loss(fit) < loss(before.validation))
    let uncalibrated = try #require(fit["uncalibrated"] as? [String: Double])
    #expect(try loss(uncalibrated) == loss(before.validation))
    let error = "expected_calibration_error"
    #expect(uncalibrated[error] == before.validation[error] as? Double && uncalibrated.count == 2)

    let after = try json(tool, test)
    #expect(after["temperature"] as? Double == temperature)
    #expect(try loss(after["uncalibrated"] as? [String: Any]) == loss(before.test))
    #expect(try loss(after) != loss(before.test))
    for key in ["accuracy", "top3"] { #expect(after[key] as? Double == before.test[key] as? Double, "\(key)") }
    #expect(after["confusion"] as? [[Int]] == before.test["confusion"] as? [[Int]])
    let text = try tool.run(test).output
    #expect(text.contains(/temperature +\d+\.\d{4}\n/), "\(text)")
    #expect(text.contains(/without it +loss \d\.\d{4}, calibration error \d+\.\d\d %\n/), "\(text)")

    // p' is proportional to p to the power of 1 / T.
    for (one, other) in zip(probabilities, try predictions(tool)) {
      let powers = one.map { pow($0, 1 / temperature) }
      let sum = powers.reduce(0, +)
      for (power, found) in zip(powers, other) { #expect(abs(power / sum - found) < 1e-4) }
      #expect(one.firstIndex(of: one.max() ?? 0) == other.firstIndex(of: other.max() ?? 0))
    }
    let row = try json(tool, ["batch", "run", "--data", "data"])
    #expect(try loss(row) == loss(after))
    #expect(try tool.run("report", "run", "--data", "data").status == 0)
    #expect(try tool.folder.text("run/report.html").contains("temperature"))

    // The run stays whole, and finished, and can be repeated.
    let verified = try tool.run("verify", "run")
    #expect(verified.status == 0, "\(verified.output)")
    let resumed = try tool.run("train", "--resume", "run")
    #expect(resumed.status == 0 && resumed.error.contains("the run is finished"), "\(resumed.error)")
    let repeated = try tool.run("reproduce", "run", "--quiet")
    #expect(repeated.status == 0, "\(repeated.output)\(repeated.error)")
    // The same fit again changes nothing.
    let weights = tool.folder.bytes("run/weights/last.safetensors")
    #expect(
      try json(tool, ["evaluate", "run", "--data", "data", "--fit-temperature"])["temperature"] as? Double
        == temperature)
    #expect(tool.folder.bytes("run/weights/last.safetensors") == weights)
  }

  private func predictions(_ tool: Tool) throws -> [[Double]] {
    let outcome = try tool.run("predict", "run", Self.images + ":0..19", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    return try outcome.output.split(separator: "\n").map { line in
      let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(json?["probabilities"] as? [Double])
    }
  }

  @Test func theTemperatureSurvivesExportsAndImports() throws {
    let tool = try Self.trained()
    let fit = try json(tool, ["evaluate", "run", "--data", "data", "--fit-temperature"])
    let expected = try loss(try json(tool, ["evaluate", "run", "--data", "data"]))
    for file in ["copy.safetensors", "model.onnx"] {
      let outcome = try tool.run("export", "run", "--output", file)
      #expect(outcome.status == 0)
      // Other programs do not know the string in the metadata.
      #expect(outcome.error.contains("divide the logits by it") == (file == "model.onnx"), "\(outcome.error)")
      let found = try json(tool, ["evaluate", file, "--data", "data"])
      #expect(abs(try loss(found) - expected) < 1e-5, "\(file)")
      #expect(found["temperature"] as? Double == fit["temperature"] as? Double, "\(file)")
    }
    #expect(try tool.run("import", "model.onnx", "--output", "back.safetensors").status == 0)
    let back = try json(tool, ["evaluate", "back.safetensors", "--data", "data"])
    #expect(back["temperature"] as? Double == fit["temperature"] as? Double)
    let arrays = try tool.run("export", "run", "--output", "weights.npz")
    #expect(arrays.status == 0)
    #expect(arrays.error.contains("weights.npz: the temperature"), "\(arrays.error)")
    // A file outside of a run is fitted too; it has no settings of a split.
    let again = try tool.run(
      "evaluate", "copy.safetensors", "--data", "data", "--split", "test", "--fit-temperature", "--json")
    #expect(again.status == 0, "\(again.error)")
    #expect(
      again.error
        == "jacquard: warning: fitting the temperature on --split test: figures on the test images are then no longer those "
        + "of new images; prefer --split validation\n", "\(again.error)")
    #expect(
      try json(tool, ["evaluate", "copy.safetensors", "--data", "data"])["temperature"] as? Double
        == again.json()["temperature"] as? Double)
  }

  @Test func whatCannotBeFittedIsRefused() throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "2")
    #expect(try tool.run("export", "run", "--output", "model.onnx").status == 0)
    let weights = tool.folder.bytes("run/weights/last.safetensors")
    for (arguments, reason) in [
      (["run"], "was trained without a validation set"),
      (["run", "--views", "flip"], "--fit-temperature cannot be combined with --views"),
      (["run", "--mean", "unit"], "--fit-temperature needs the preprocessing of the weights file"),
      (["model.onnx", "--split", "test"], "model.onnx: only a .safetensors file with a model keeps a temperature"),
    ] {
      let outcome = try tool.run(["evaluate", "--data", "data", "--fit-temperature"] + arguments)
      #expect(outcome.status == 64 && outcome.output == "", "\(arguments)")
      #expect(outcome.error.contains(reason), "\(outcome.error)")
    }
    #expect(tool.folder.bytes("run/weights/last.safetensors") == weights)
    let key = "\"jacquard.provenance\""
    let cold = try SafetensorsSurgery.replacing(
      key, with: "\"jacquard.temperature\":\"cold\"," + key, in: Data(try #require(weights)))
    try tool.folder.write(cold, to: "cold.safetensors")
    let outcome = try tool.run("evaluate", "cold.safetensors", "--data", "data")
    #expect(outcome.status == 65 && outcome.output == "")
    #expect(
      outcome.error.contains(
        "\"jacquard.temperature\" of the metadata is \"cold\", expected a number from 0.01 to 100.0"),
      "\(outcome.error)")
  }
}
