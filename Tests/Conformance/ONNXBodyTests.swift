import Foundation
import TestSupport
import Testing

/// Whole networks of torchvision and timm, and real weights, as bodies for training.
@Suite(.conformance)
struct ONNXBodyTests {
  @Test func wholeNetworksComputeTheSame() throws {
    let folder = try TemporaryFolder()
    let names = try Python.json("torch_bodies.py", folder.path, as: [String].self)
    #expect(names.count == 21)
    for name in names {
      do {
        #expect(try ONNXNetworkTests.difference(of: name, in: folder).difference < 1e-5, "\(name)")
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
  }

  /// What `train --json` and `predict --json` print, as far as it is compared.
  private struct Trained: Decodable {
    struct Score: Decodable { let accuracy: Double }
    let test: Score
  }

  private static let root = Python.folder.deletingLastPathComponent().deletingLastPathComponent()

  /// EfficientNet-Lite0 with the weights of a package, exported by the script of the how-to.
  @Test func realWeightsRecognizePicturesAndLearnNewClasses() throws {
    let folder = try TemporaryFolder()
    let examples = Self.root.appendingPathComponent("Examples/photographs").path
    let expected = try Python.json(
      "imagenet_body.py", examples + "/export-body.py", folder.path, as: [String: [String: Double]].self)
    #expect(expected.count == 2)
    for (picture, classes) in expected {
      let lines = try Program.output(
        of: Program.jacquard, ["predict", "body.onnx", picture, "--top", "3", "--json"], in: folder
      ).split(separator: "\n")
      let found = try #require(
        try JSONSerialization.jsonObject(with: Data((lines.first ?? "").utf8)) as? [String: Any], "\(lines)")
      let top = try #require(found["top"] as? [[String: Any]])
      #expect(top.count == 3)
      for entry in top {
        let name = try #require(entry["label"] as? String)
        let probability = try #require(entry["probability"] as? Double)
        #expect(abs(probability - (classes[name] ?? -1)) < 1e-4, "\(picture): \(name)")
      }
    }
    let output = try Program.output(
      of: Program.jacquard,
      [
        "train", "--from", "body.onnx", "--freeze", "body", "--data", examples + "/pictures", "--epochs", "20",
        "--batch-size", "16",
        "--out", "run", "--quiet", "--json",
      ], in: folder)
    #expect(try JSONDecoder().decode(Trained.self, from: Data(output.utf8)).test.accuracy >= 0.9)
  }
}
