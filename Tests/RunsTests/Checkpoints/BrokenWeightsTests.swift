import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// Checkpoints whose numbers or answers are not finite: no verb accepts them as results.
struct BrokenWeightsTests {
  private let run: TinyRun
  /// The weights of a run.
  private let weights: Data

  init() throws {
    run = try TinyRun()
    let outcome = try run.begin("run")
    try #require(outcome.status == 0, "\(outcome.error)")
    weights = try #require(run.tool.folder.bytes("run/weights/last.safetensors"))
  }

  /// The weights with every number after the header, or only the last, replaced.
  private func write(_ value: Float, onlyLast: Bool) throws -> String {
    var bytes = SafetensorsSurgery.withoutChecksum(weights)
    let header = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let first = onlyLast ? bytes.count - 4 : 8 + header
    for place in stride(from: first, to: bytes.count, by: 4) {
      for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: value.bitPattern >> (8 * byte)) }
    }
    return try run.tool.folder.write(bytes, to: "broken.safetensors")
  }

  @Test(arguments: [
    ["evaluate", "broken.safetensors", "--data", "data"],
    ["errors", "broken.safetensors", "--data", "data"],
    ["predict", "broken.safetensors", "data/t10k-images-idx3-ubyte:0"],
    ["export", "broken.safetensors", "--output", "broken.onnx"],
    ["plot", "filters", "broken.safetensors", "--output", "filters.png"],
    ["train", "--model", "tiny.json", "--data", "data", "--init-from", "broken.safetensors", "--out", "begun"],
  ])
  func weightsThatAreNoNumbersAreRefusedByName(arguments: [String]) throws {
    _ = try write(.nan, onlyLast: true)
    let outcome = try run.tool.run(arguments)
    #expect(outcome.status == 65)
    #expect(outcome.output == "")
    #expect(outcome.errorLines.count == 1)
    #expect(
      outcome.error.contains("broken.safetensors: the tensor ") && outcome.error.contains(" holds nan at ["),
      "\(outcome.error)")
    #expect(!run.tool.folder.holds("broken.onnx") && !run.tool.folder.holds("filters.png"))
  }

  /// Numbers so large that their products overflow.
  @Test func answersThatAreNoNumbersAreRefused() throws {
    _ = try write(3e38, onlyLast: false)
    let evaluation = try run.tool.run("evaluate", "broken.safetensors", "--data", "data", "--json")
    #expect(evaluation.status == 65 && evaluation.output == "")
    #expect(evaluation.error.contains("of 20 images are not finite"), "\(evaluation.error)")

    let prediction = try run.tool.run(
      "predict", "broken.safetensors", "data/t10k-images-idx3-ubyte:0..1", "--json", "--output", "answers.npy")
    #expect(prediction.status == 1)
    #expect(prediction.output.split(separator: "\n").count == 2)
    #expect(
      prediction.output.contains("\"error\":\"the answer is not finite; the model's weights are broken.\""),
      "\(prediction.output)")
    #expect(prediction.error.contains("2 of 2 inputs failed"), "\(prediction.error)")
  }
}
