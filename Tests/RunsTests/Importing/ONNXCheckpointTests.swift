import CommandTestSupport
import Foundation
import Interchange
import ONNXSchema
import SwiftProtobuf
import TestSupport
import Testing

/// ONNX files as checkpoints: our own, and one written by another program.
struct ONNXCheckpointTests {
  /// A run of a model with dropout and a norm, as `run`, and exports of it.
  private static func exported() throws -> Tool {
    let run = try TinyRun()
    #expect(try run.begin("run", ["--max-steps", "1"]).status == 0)
    for (file, flags) in [("m.onnx", []), ("pixels.onnx", ["--include-preprocessing", "--opset", "17"])] {
      let outcome = try run.tool.run(["export", "run", "--output", file] + flags)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    return run.tool
  }

  @Test(arguments: ["m.onnx", "pixels.onnx"])
  func ourOwnComeBackWhole(file: String) throws {
    let tool = try Self.exported()
    let outcome = try tool.run("import", file, "--output", "again.safetensors", "--json")
    #expect(outcome.status == 0 && outcome.error == "", "\(outcome.error)")
    let json = try outcome.json()
    #expect(json["from"] as? String == "onnx" && json["model"] as? String == "tiny")
    #expect(json["preprocessing_from"] as? String == (file == "m.onnx" ? "metadata" : "graph"))
    let again = try SafetensorsFile(contentsOf: tool.folder.path + "/again.safetensors")
    let source = try SafetensorsFile(contentsOf: tool.folder.path + "/run/weights/last.safetensors")
    #expect(again.tensors == source.tensors)
    // Dropout, names and preprocessing, too.
    #expect(again.metadata["jacquard.model"] == source.metadata["jacquard.model"])
    #expect(again.metadata["jacquard.provenance"]?.contains(#""producer":"jacquard"#) == true)

    // Every verb accepts it unchanged, and gives the same answers as for the run.
    for verb in [["evaluate"], ["errors"], ["plot", "reliability"]] {
      let data = ["--data", "data", "--json"] + (verb[0] == "plot" ? ["--output", "p.svg"] : [])
      let (ours, theirs) = (try tool.run(verb + ["run"] + data), try tool.run(verb + [file] + data))
      #expect(ours.status == 0 && theirs.status == 0, "\(verb) \(theirs.error)")
      if verb == ["evaluate"] {
        let (one, other) = (try ours.json(), try theirs.json())
        #expect(one["loss"] as? Double == other["loss"] as? Double)
        #expect(one["confusion"] as? [[Int]] == other["confusion"] as? [[Int]])
      }
    }
    let items = "data/t10k-images-idx3-ubyte:0..3"
    #expect(try tool.run("predict", file, items).output == tool.run("predict", "run", items).output)
    #expect(try tool.run("plot", "filters", file, "--output", "f.svg").status == 0)
    #expect(try tool.run("plot", "features", file, "--data", "data", "--output", "g.svg").status == 0)
    #expect(
      try tool.run("plot", "activations", file, items.replacing("0..3", with: "0"), "--output", "a.svg").status == 0)
    #expect(try tool.run("summary", file).output == tool.run("summary", "tiny.json").output)
    // Exporting it again gives the same graph.
    #expect(try tool.run("export", file, "--output", "b.npz").status == 0)
    #expect(try tool.run("export", "run", "--output", "c.npz").status == 0)
    #expect(tool.folder.bytes("b.npz") == tool.folder.bytes("c.npz"))
  }

  /// A graph in half precision: its answers are not quite the model's, and every verb that gives answers says so.
  @Test func aCoarserGraphIsNamed() throws {
    let tool = try Self.exported()
    var graph = try ONNXModel(serializedBytes: try #require(tool.folder.bytes("m.onnx")))
    let input = graph.graph.input[0].name
    for index in graph.graph.node.indices {
      graph.graph.node[index].input = graph.graph.node[index].input.map { $0 == input ? "single" : $0 }
    }
    let casts = [(input, "half", 10), ("half", "single", 1)].map { source, target, type in
      var to = ONNXAttribute()
      to.name = "to"
      to.type = .int
      to.i = Int64(type)
      var node = ONNXNode()
      node.opType = "Cast"
      (node.input, node.output, node.attribute) = ([source], [target], [to])
      return node
    }
    graph.graph.node = casts + graph.graph.node
    try tool.folder.write(graph.serializedData(), to: "half.onnx")
    for command in [
      ["evaluate", "half.onnx", "--data", "data"], ["predict", "half.onnx", "data/t10k-images-idx3-ubyte:0"],
      ["compare", "half.onnx", "run", "--data", "data"], ["errors", "half.onnx", "--data", "data"],
      ["batch", "half.onnx", "--data", "data", "--output", "b.csv"],
      ["import", "half.onnx", "--output", "h.safetensors"],
    ] {
      let outcome = try tool.run(command)
      #expect(outcome.status == 0, "\(command): \(outcome.error)")
      #expect(outcome.error.contains("half.onnx: The graph computes in half precision."), "\(command)")
    }
  }

  @Test func importedModelsTrainOn() throws {
    let tool = try Self.exported()
    #expect(try tool.run("import", "m.onnx", "--output", "w.safetensors").status == 0)
    let recipe = TinyRun.recipe.filter { $0 != "--model" && $0 != "tiny.json" } + ["--max-steps", "1"]
    var weights: [[NamedTensor]] = []
    for (index, source) in ["w.safetensors", "m.onnx", "run/weights/last.safetensors"].enumerated() {
      let outcome = try tool.run(
        ["train", "--out", "next\(index)", "--model", source, "--init-from", source] + recipe)
      #expect(outcome.status == 0, "\(outcome.error)")
      weights.append(
        try SafetensorsFile(contentsOf: tool.folder.path + "/next\(index)/weights/last.safetensors").tensors)
    }
    #expect(weights[0] == weights[1] && weights[1] == weights[2])
    let before = try SafetensorsFile(contentsOf: tool.folder.path + "/run/weights/last.safetensors").tensors
    #expect(weights[0] != before && weights[0].count == before.count)
  }

  @Test func othersAreReadOrRefusedInOneLine() throws {
    let tool = try Self.exported()
    let folder = DocumentationPage.root.appendingPathComponent("Tests/Conformance/Fixtures/onnx")
    for name in ["torch-dynamo-normalized", "keras-tutorial-17"] {
      let bytes = try Data(contentsOf: folder.appendingPathComponent(name + ".onnx"))
      try bytes.write(to: tool.folder.url.appendingPathComponent(name + ".onnx"))
    }
    let torch = try tool.run("import", "torch-dynamo-normalized.onnx", "--output", "t.safetensors", "--json")
    let json = try torch.json()
    #expect(torch.error == "" && json["preprocessing_from"] as? String == "graph")
    let preprocessing = try #require(json["preprocessing"] as? [String: Any])
    // The graph takes numbers of 0 to 1.
    #expect(abs(try #require(preprocessing["scale"] as? Double) * 255 - 1) < 1e-12)
    #expect((preprocessing["mean"] as? [Double])?.map { Float($0) } == [0.4, 0.5])
    #expect((preprocessing["deviation"] as? [Double])?.map { Float($0) } == [0.2, 0.3])

    let keras = try tool.run("import", "keras-tutorial-17.onnx", "--output", "k.safetensors")
    #expect(keras.status == 0 && keras.error.contains("assuming Fashion-MNIST's mean and deviation"))
    #expect(keras.output.contains("from default"))

    try tool.folder.write("{}", to: "broken.onnx")
    for (arguments, status, words) in [
      (["evaluate", "broken.onnx", "--data", "data"], 65, "broken.onnx: this is not an ONNX file but a JSON text"),
      (["evaluate", "none.onnx", "--data", "data"], 66, "a .safetensors or an .onnx file"),
      (
        ["import", "m.onnx", "--model", "lenet", "--output", "x.safetensors"], 65,
        "the graph does not compute the model"
      ),
      (["import", "m.onnx", "--output", "none/x.safetensors"], 73, "none"),
      (
        ["train", "--model", "m.onnx", "--init-from", "torch-dynamo-normalized.onnx", "--data", "data"], 65,
        "conv1.weight"
      ),
      (["summary", "broken.onnx"], 65, "not an ONNX file"),
    ] {
      let outcome = try tool.run(arguments)
      #expect(outcome.status == status && outcome.errorLines.count == 1, "\(arguments) \(outcome.error)")
      #expect(outcome.error.contains(words) && outcome.output == "", "\(outcome.error)")
    }
    #expect(try tool.run("import", "m.onnx", "--model", "tiny.json", "--output", "y.safetensors").status == 0)
  }
}
