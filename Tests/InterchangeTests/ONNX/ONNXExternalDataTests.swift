import Foundation
import Interchange
import JacquardEngine
import ONNXSchema
import TestSupport
import Testing

/// Numbers in files beside the graph, as written by `torch.onnx.export`.
struct ONNXExternalDataTests {
  private let folder: TemporaryFolder
  private static let values: [Float] = (0..<54).map { Float($0) * 0.25 - 3 }

  init() throws { folder = try TemporaryFolder() }

  /// The valid graph, with its weights in another file.
  private func graph(_ entries: [(String, String)]) -> GraphFile {
    var file = GraphFile.sound()
    file.model.graph.initializer[0].floatData = []
    file.model.graph.initializer[0].dataLocation = 1
    file.model.graph.initializer[0].externalData = entries.map { key, value in
      var entry = ONNXStringEntry()
      (entry.key, entry.value) = (key, value)
      return entry
    }
    return file
  }

  private func read(_ entries: [(String, String)]) throws(ONNXImportError) -> ONNXImport {
    let bytes = (try? graph(entries).bytes()) ?? []
    return try ONNXImport(file: bytes, path: folder("model.onnx"), name: "graph")
  }

  private func refusal(_ entries: [(String, String)]) -> String {
    do throws(ONNXImportError) {
      _ = try read(entries)
      return ""
    } catch {
      return error.description
    }
  }

  private func write(_ name: String, before: Int = 0) throws {
    let numbers = Self.values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
    try folder.write([UInt8](repeating: 7, count: before) + numbers, to: name)
  }

  @Test func numbersAreReadFromTheirPlace() throws {
    try write("model.onnx.data", before: 64)
    let entries = [("location", "model.onnx.data"), ("offset", "64"), ("length", "216")]
    #expect(try read(entries).tensors[0].values == Self.values)
    // A whole file, without an offset or a length; its checksum is not used.
    try write("weights")
    #expect(try read([("location", "weights"), ("checksum", "x")]).tensors[0].values == Self.values)
  }

  @Test func otherFoldersLinksAndWrongSizesAreRefused() throws {
    try write("model.onnx.data")
    try write("deep/data")
    try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: "model.onnx.data")
    for (entries, words) in [
      ([("location", "../data")], "only files in the folder of the model are read"),
      ([("location", "deep/data")], "only files in the folder of the model are read"),
      ([("location", folder("model.onnx.data"))], "only files in the folder of the model are read"),
      ([("location", "..")], "only files in the folder of the model are read"),
      ([("location", "deep")], "cannot be read"), ([("location", "link")], "which is a link"),
      ([("location", "missing")], "cannot be read"), ([("offset", "0")], "does not say in which"),
      ([("location", "model.onnx.data"), ("offset", "8")], "ends before its 216 bytes from byte 8 on"),
      ([("location", "model.onnx.data"), ("offset", "\(Int.max)")], "ends before its 216 bytes"),
      ([("location", "model.onnx.data"), ("offset", "-1")], "as its offset"),
      ([("location", "model.onnx.data"), ("length", "212")], "should have 216 bytes"),
      ([("location", "model.onnx.data"), ("location", "x")], "gives two values"),
    ] {
      let found = refusal(entries)
      #expect(found.contains("the tensor \"w\" ") && found.contains(words), "\(entries): \(found)")
    }
  }

  /// Bytes that do not come from a file have no folder.
  @Test func aGraphWithoutAPathIsWhole() throws {
    let bytes = try graph([("location", "model.onnx.data")]).bytes()
    let error = #expect(throws: ONNXImportError.Problem.self) { try ONNXNetworkGraph(bytes) }
    #expect(error?.description.contains("save the model as one file") == true)
  }
}

/// Models other than an image as input and classes as output.
struct ONNXShapeTests {
  /// A convolution of one channel and a global pool, with or without a sigmoid; or a dense layer of one number.
  @Test(arguments: [true, false])
  func oneOutputBecomesTwoClasses(hasSigmoid: Bool) throws {
    var file = GraphFile(input: [2, 1, 1])
    file.numbers("w", [1, 2, 1, 1], [1, -2])
    file.node("Conv", ["x", "w"], "a")
    file.node("Flatten", ["a"], hasSigmoid ? "b" : "y")
    if hasSigmoid { file.node("Sigmoid", ["b"], "y") }
    let imported = try file.imported()
    #expect(imported.model.classNames == ["0", "1"])
    #expect(imported.model.layers.last is Dense)
    let last = imported.tensors.suffix(2)
    #expect(last.map(\.name) == ["fc1.weight", "fc1.bias"] && last.map(\.shape) == [[2, 1], [2]])
    #expect(last.first?.values == [0, 1] && last.last?.values == [0, 0])
    // A sigmoid of several numbers is not a softmax.
    var several = GraphFile.sound()
    several.node("Sigmoid", ["y"], "z")
    several.model.graph.output[0].name = "z"
    #expect(try !several.refusal().isEmpty)
  }

  @Test func aVectorOfASquareNumberIsAnImage() throws {
    for (size, isImage) in [(784, true), (64, true), (49, false), (785, false)] {
      var file = GraphFile(input: [size])
      file.numbers("w", [3, size], [Float](repeating: 0.5, count: 3 * size))
      file.node("Gemm", ["x", "w"], "y", ["transB": .integer(1)])
      let model = try file.imported().model
      #expect(model.inputShape.isImage == isImage, "\(size)")
      #expect(model.layers.count == (isImage ? 2 : 1))
      #expect(model.inputShape.count == size)
    }
  }
}

/// Names with prefixes added by wrappers of PyTorch.
struct WrappedNamesTests {
  @Test func whatStandsBeforeAllNamesIsLeftOut() throws {
    func file(_ names: String...) -> SafetensorsFile {
      SafetensorsFile(tensors: names.map { NamedTensor(name: $0, shape: [1], values: [1]) })
    }
    let parallel = try #require(file("module.conv1.weight", "module.fc1.bias").unwrapped)
    #expect(parallel.prefix == "module." && parallel.file.tensors.map(\.name) == ["conv1.weight", "fc1.bias"])
    let compiled = try #require(file("module._orig_mod.fc1.weight").unwrapped)
    #expect(compiled.prefix == "module._orig_mod." && compiled.file.tensors[0].name == "fc1.weight")
    #expect(file("conv1.weight", "module.fc1.weight").unwrapped == nil)
    #expect(file("modules.fc1.weight").unwrapped == nil && file().unwrapped == nil)
  }
}
