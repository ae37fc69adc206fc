import CommandTestSupport
import Foundation
import Interchange
import NumPy
import TestSupport
import Testing

/// `export`, and the probabilities of `predict` as an array.
struct ExportTests {
  @Test func weightsKeepTheirNamesAndValues() throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "2")
    let source = try SafetensorsFile(contentsOf: tool.folder.path + "/run/weights/last.safetensors")
    let outcome = try tool.run("export", "run", "--output", "w.npz", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error == "")
    let bytes = try #require(tool.folder.bytes("w.npz"))
    let json = try outcome.json()
    #expect(Set(json.keys) == ["schema", "format", "output", "model", "tensors", "bytes", "sha256"])
    #expect(json["format"] as? String == "npz" && json["output"] as? String == "w.npz")
    #expect(json["model"] as? String == "lenet" && json["tensors"] as? Int == 10)
    #expect(json["bytes"] as? Int == bytes.count)
    let sum = try tool.shell("sha256sum < w.npz").output.prefix(64)
    #expect(json["sha256"] as? String == String(sum))
    let arrays = try NumPyArchive(file: Array(bytes), path: "w.npz")
    #expect(arrays.members.map(\.name) == source.tensors.map(\.name))
    for tensor in source.tensors {
      #expect(arrays[tensor.name]?.shape == tensor.shape)
      #expect(arrays[tensor.name]?.floats == tensor.values, "\(tensor.name)")
    }

    // A copy in our own format is the same file, with the same metadata.
    #expect(try tool.run("export", "run", "--format", "safetensors", "-o", "copy").status == 0)
    #expect(tool.folder.bytes("copy") == tool.folder.bytes("run/weights/last.safetensors"))
  }

  @Test func theModelLeavesAsONNX() throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "1")
    let outcome = try tool.run("export", "run", "--output", "m.onnx")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.contains("onnx") && outcome.output.contains("m.onnx"))
    let first = try #require(tool.folder.bytes("m.onnx"))
    #expect(try tool.run("export", "run", "--format", "onnx", "--output", "m.onnx", "--opset", "13").status == 0)
    #expect(tool.folder.bytes("m.onnx") == first)
    #expect(try tool.run("export", "run", "--output", "m.onnx", "--opset", "17").status == 0)
    #expect(tool.folder.bytes("m.onnx") != first)
    #expect(try tool.run("export", "run", "--output", "m.onnx", "--include-preprocessing").status == 0)
    #expect(try #require(tool.folder.bytes("m.onnx")).range(of: Data("preprocessing.deviation".utf8)) != nil)
    #expect(first.range(of: Data("preprocessing.deviation".utf8)) == nil)
    #expect(first.range(of: Data("Ankle boot".utf8)) != nil)
  }

  @Test(arguments: [
    (["run", "--output", "w.bin"], 64, "is not a known format"),
    (["run", "--output", "w.npz", "--opset", "13"], 64, "are for ONNX models"),
    (["run", "--output", "w.npz", "--include-preprocessing"], 64, "are for ONNX models"),
    (["run", "--output", "w.onnx", "--opset", "12"], 64, "13 or 17"),
    (["run", "--output", "w.onnx", "--format", "onyx"], 64, "--format"),
    (["run", "--output", "nowhere/w.npz"], 73, "nowhere"),
    (["run", "--output", "data/"], 64, "is not a known format"),
    (["nothing", "--output", "w.npz"], 66, "nothing"),
    (["data/t10k-labels-idx1-ubyte", "--output", "w.npz"], 65, "t10k-labels"),
  ])
  func refusals(arguments: [String], status: Int32, words: String) throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "1")
    let outcome = try tool.run(["export"] + arguments)
    #expect(outcome.status == status)
    #expect(outcome.error.contains(words), "\(outcome.error)")
    #expect(outcome.output == "")
    #expect(!tool.folder.holds("w.npz") && !tool.folder.holds("w.onnx"))
  }

  @Test func probabilitiesAsAnArray() throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "1")
    let images = "data/t10k-images-idx3-ubyte"
    let outcome = try tool.run(
      "predict", "run", "\(images):0..2", "missing.idx", "\(images):7", "--json", "--output", "p.npy")
    #expect(outcome.status == 1, "\(outcome.error)")
    let lines = outcome.output.split(separator: "\n")
    let array = try NumPyArray(contentsOf: tool.folder.path + "/p.npy")
    #expect(array.shape == [5, 10] && lines.count == 5)
    for (row, line) in lines.enumerated() {
      let values = array.floats[row * 10..<(row + 1) * 10]
      let json = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      if let probabilities = json["probabilities"] as? [Double] {
        #expect(Array(values) == probabilities.map { Float($0) })
      } else {
        #expect(json["error"] != nil && values.allSatisfy(\.isNaN))
      }
    }
    let wrong = try tool.run("predict", "run", images, "--output", "p.csv")
    #expect(wrong.status == 64 && wrong.error.contains(".npy") && wrong.output == "")
    #expect(try tool.run("predict", "run", images, "--output", "nowhere/p.npy").status == 73)
  }
}
