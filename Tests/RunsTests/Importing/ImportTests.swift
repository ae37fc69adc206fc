import CommandTestSupport
import Foundation
import Interchange
import NumPy
import TestSupport
import Testing

/// `import`: weights of other programs, valid and invalid.
struct ImportTests {
  /// A dense layer of two inputs after a flatten of an image with two channels and two pixels, and a norm before it.
  private static let model = """
    {"name": "tiny", "input_shape": [1, 2, 2], "class_names": ["a", "b", "c"],
     "preprocessing": {"scale": 1, "mean": [0], "deviation": [1]}, "layers": [
      {"type": "conv2d", "output_channels": 2, "kernel_size": [1, 2], "padding": [0, 0, 0, 1]},
      {"type": "batch_norm2d", "epsilon": 0.001}, {"type": "flatten"}, {"type": "dense", "output_features": 3}
    ]}
    """

  private static func array(_ shape: Int..., from first: Float = 0) -> NumPyArray {
    NumPyArray(shape: shape, floats: (0..<shape.reduce(1, *)).map { first + Float($0) })
  }

  private static let keras: KeyValuePairs<String, NumPyArray> = [
    "000.kernel": array(1, 2, 2, 2), "000.bias": array(2, from: 100), "002.gamma": array(2, from: 200),
    "002.beta": array(2, from: 300), "002.moving_mean": array(2, from: 400), "002.moving_variance": array(2, from: 500),
    "010.kernel": array(4, 3, from: 600), "010.bias": array(3, from: 700),
  ]

  /// A folder with the model and an archive in which some arrays are replaced or, if nil, left out.
  private static func tool(_ changes: [String: NumPyArray?] = [:]) throws -> Tool {
    let tool = try Tool()
    try tool.folder.write(model, to: "tiny.json")
    var arrays = keras.map { NumPyArchive.Member(name: $0.key, array: $0.value) }
    for (name, array) in changes {
      arrays.removeAll { $0.name == name }
      if let array { arrays.append(NumPyArchive.Member(name: name, array: array)) }
    }
    try NumPyArchive(arrays).write(to: tool.folder.path + "/k.npz")
    return tool
  }

  @Test func kerasLayoutsBecomeOurs() throws {
    let tool = try Self.tool()
    let outcome = try tool.run("import", "k.npz", "--model", "tiny.json", "--output", "w.safetensors", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json()
    #expect(
      Set(json.keys) == [
        "schema", "file", "from", "output", "model", "tensors", "preprocessing", "preprocessing_from",
      ])
    #expect(json["from"] as? String == "keras" && json["tensors"] as? Int == 8)
    let file = try SafetensorsFile(contentsOf: tool.folder.path + "/w.safetensors")
    // [height, width, in, out] becomes [out, in, height, width].
    #expect(file["conv1.weight"]?.shape == [2, 2, 1, 2])
    #expect(file["conv1.weight"]?.values == [0, 4, 2, 6, 1, 5, 3, 7])
    #expect(file["bn1.weight"]?.values == [200, 201] && file["bn1.bias"]?.values == [300, 301])
    #expect(file["bn1.running_mean"]?.values == [400, 401] && file["bn1.running_var"]?.values == [500, 501])
    // Rows of the kernel are pixel by pixel, columns of the weight channel by channel.
    #expect(file["fc1.weight"]?.shape == [3, 4])
    #expect(file["fc1.weight"]?.values == [600, 606, 603, 609, 601, 607, 604, 610, 602, 608, 605, 611])
    #expect(file.metadata["jacquard.provenance"]?.contains(#""imported_from":"keras""#) == true)

    // Our exports come back as the same tensors.
    #expect(try tool.run("export", "w.safetensors", "--output", "ours.npz").status == 0)
    let again = try tool.run("import", "ours.npz", "--model", "tiny.json", "-o", "again.safetensors")
    #expect(again.status == 0, "\(again.error)")
    #expect(again.output.contains("numpy"))
    #expect(try SafetensorsFile(contentsOf: tool.folder.path + "/again.safetensors").tensors == file.tensors)
  }

  @Test(
    arguments: [
      (["010.kernel": nil], "layer 10 of the file has no kernel"),
      (["002.gamma": nil], "layer 2 of the file has no kernel or gamma"),
      (["010.kernel": array(3, 4)], "should have the shape [4, 3] for fc1.weight, but has [3, 4]"),
      (["010.scale": array(1)], "has the variable \"scale\", which fc1 does not have"),
      (["011.kernel": array(1)], "weights of 4 layers, but the model \"tiny\" has 3"),
      (["000.bias": NumPyArray(shape: [2], integers: [1, 2])], "holds int64"),
      (["extra": array(1)], "is in the file, but not in the model"),
    ] as [([String: NumPyArray?], String)])
  func misfits(changes: [String: NumPyArray?], words: String) throws {
    let tool = try Self.tool(changes)
    let outcome = try tool.run("import", "k.npz", "--model", "tiny.json", "--output", "w.safetensors")
    #expect(outcome.status == 65)
    #expect(outcome.errorLines.count == 1 && outcome.error.contains(words), "\(outcome.error)")
    #expect(outcome.output == "" && !tool.folder.holds("w.safetensors"))
  }

  /// In an archive with our own names too, whole numbers are not weights.
  @Test func wholeNumbersAreNoWeights() throws {
    let tool = try Tool()
    try tool.folder.write(Self.model, to: "tiny.json")
    let array = NumPyArray(shape: [3], integers: [1, 2, 3])
    try NumPyArchive([.init(name: "fc1.bias", array: array)]).write(to: tool.folder.path + "/ours.npz")
    let outcome = try tool.run("import", "ours.npz", "--model", "tiny.json", "--output", "w.safetensors")
    #expect(
      outcome.error
        == "jacquard: error: ours.npz: the array \"fc1.bias\" contains int64, not floating-point numbers.\n")
    #expect(outcome.status == 65 && !tool.folder.holds("w.safetensors"))
  }

  @Test func wrongUses() throws {
    let tool = try Self.tool()
    #expect(try tool.run("import", "k.npz", "--output", "w.safetensors").status == 64)
    #expect(try tool.run("import", "none.npz", "--model", "tiny.json", "--output", "w.safetensors").status == 66)
    #expect(try tool.run("import", "tiny.json", "--model", "tiny.json", "--output", "w.safetensors").status == 65)
    #expect(try tool.run("import", "k.npz", "--model", "tiny.json", "--output", "no/w.safetensors").status == 73)
  }
}
