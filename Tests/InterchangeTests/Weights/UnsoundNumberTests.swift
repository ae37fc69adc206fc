import Interchange
import JacquardEngine
import NumPy
import ONNXSchema
import Testing

/// Weights of other programs that no network can use: NaN, infinities, and negative variances.
@Suite struct UnsoundNumberTests {
  private static let model = Model(
    name: "m", inputShape: .image(height: 2, width: 2, channels: 1), classNames: ["a", "b"]
  ) {
    Conv2D(2, kernelSize: 1)
    BatchNorm2D()
    Flatten()
    Dense(2)
  }

  private static func tensors(_ changes: [String: (place: Int, value: Float)] = [:]) throws -> [NamedTensor] {
    try model.tensors().map { tensor in
      var values = [Float](repeating: 1, count: tensor.range.count)
      if let change = changes[tensor.name] { values[change.place] = change.value }
      return NamedTensor(name: tensor.name, shape: tensor.specification.order.fileShape, values: values)
    }
  }

  @Test(arguments: [
    ("conv1.weight", 1, Float.nan, "the tensor \"conv1.weight\" holds nan at [1, 0, 0, 0], expected finite numbers; "),
    ("fc1.weight", 13, .infinity, "the tensor \"fc1.weight\" holds inf at [1, 5], expected finite numbers; "),
    ("fc1.bias", 0, -.infinity, "the tensor \"fc1.bias\" holds -inf at [0], expected finite numbers; "),
    ("bn1.running_mean", 1, .nan, "the tensor \"bn1.running_mean\" holds nan at [1], expected finite numbers; "),
    (
      "bn1.running_var", 1, -0.5,
      "the tensor \"bn1.running_var\" holds -0.5 at [1], expected variances of 0 or more; "
    ),
  ])
  func aWeightsFileIsRefusedAndChangesNothing(name: String, place: Int, value: Float, words: String) throws {
    let network = try Network(Self.model, seed: 1)
    let before = network.tensors.map { network.exportTensor($0) }
    let file = WeightsFile(
      SafetensorsFile(tensors: try Self.tensors([name: (place, value)])), path: "other.safetensors")
    let error = #expect(throws: WeightsError.self) { try file.load(into: network) }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("other.safetensors: " + words) && text.hasSuffix("."), "\(text)")
    #expect(!text.contains("do not belong") && !text.contains("\n"))
    #expect(network.tensors.map { network.exportTensor($0) } == before)
  }

  @Test func negativeNumbersElsewhereAndZeroVariancesAreTaken() throws {
    let network = try Network(awaitingWeights: Self.model)
    for (name, value) in [("bn1.running_mean", Float(-3)), ("bn1.weight", -1), ("bn1.running_var", 0)] {
      try WeightsFile(SafetensorsFile(tensors: try Self.tensors([name: (1, value)])), path: "x").load(into: network)
    }
  }

  @Test func kerasArraysAreRefused() throws {
    let model = Model(name: "m", inputShape: .image(height: 1, width: 2, channels: 1), classNames: ["a", "b", "c"]) {
      Flatten()
      Dense(3)
    }
    let archive = NumPyArchive([
      NumPyArchive.Member(name: "000.kernel", array: NumPyArray(shape: [2, 3], floats: [1, 2, 3, 4, .nan, 6])),
      NumPyArchive.Member(name: "000.bias", array: NumPyArray(shape: [3], floats: [7, 8, 9])),
    ])
    let error = try #require(throws: WeightsMismatch.self) {
      try #require(KerasWeights(archive)).load(into: try Network(awaitingWeights: model))
    }
    #expect(error.isUnsound)
    #expect(error.description.hasPrefix("kernel of layer 0 of the file holds nan at [1, 1], expected finite numbers; "))
  }

  /// In a graph the tensor keeps the graph's name.
  @Test func numbersOfGraphsAreRefused() throws {
    var file = GraphFile.sound()
    file.model.graph.initializer[0].floatData[10] = .nan
    let text = try file.refusal()
    #expect(
      text.contains("(Conv) takes numbers that cannot be used: \"w\" holds nan at [0, 1, 0, 1], "), "\(text)")
    file.model.graph.initializer[0].floatData[10] = -.infinity
    #expect(try file.refusal().contains("holds -inf at [0, 1, 0, 1]"))
  }

  @Test(arguments: [[3, 1, 1], [2, 4, 4]])
  func negativeVariancesOfGraphsAreRefused(input: [Int]) throws {
    // The engine merges the norm of a vector into the adjacent dense layer, so no variance remains.
    let isVector = input == [3, 1, 1]
    var file = isVector ? GraphFile(input: [3]) : GraphFile(input: input)
    let channels = input[0]
    for name in ["s", "b", "m"] { file.numbers(name, [channels]) }
    file.numbers("v", [channels], [1, -1e-6] + [Float](repeating: 1, count: channels - 2))
    file.node("BatchNormalization", ["x", "s", "b", "m", "v"], isVector ? "n" : "y")
    if isVector {
      file.numbers("w", [2, 3])
      file.node("Gemm", ["n", "w"], "y", ["transB": .integer(1)])
    }
    #expect(try file.refusal().contains("\"v\" holds -1e-06 at [1], expected variances of 0 or more"))
    file.model.graph.initializer[3].floatData[1] = 0
    #expect(try !file.refusal().contains("variances"))
  }

  /// Each is finite, and their product is not.
  @Test func layersThatOverflowAsTheyAreJoinedAreRefused() throws {
    var file = GraphFile(input: [2, 1, 1])
    file.numbers("w", [1, 2, 1, 1], [3e38, 1])
    file.numbers("f", [1, 1, 1, 1], [100])
    file.node("Conv", ["x", "w"], "a")
    file.node("Mul", ["a", "f"], "b")
    file.node("Flatten", ["b"], "y")
    let text = try file.refusal()
    #expect(text.contains("put together, overflow: ") || text.contains("cannot compute with"), "\(text)")
  }
}

/// Tensors of a graph that store their numbers twice; readers differ in which they use.
@Suite struct TwiceFilledTensorTests {
  @Test(arguments: ["raw_data", "double_data", "int32_data", "int64_data", "external_data"])
  func areRefused(second: String) throws {
    var file = GraphFile.sound()
    switch second {
    case "raw_data": file.model.graph.initializer[0].rawData.append(contentsOf: [UInt8](repeating: 0, count: 54 * 4))
    case "double_data": file.model.graph.initializer[0].doubleData = [1]
    case "int32_data": file.model.graph.initializer[0].int32Data = [1]
    case "int64_data": file.model.graph.initializer[0].int64Data = [1]
    default: file.model.graph.initializer[0].dataLocation = 1
    }
    let text = try file.refusal()
    #expect(text.contains("the tensor \"w\" holds its numbers twice, in ") && text.contains(second), "\(text)")
    #expect(text.contains("save it again with one of them"))
  }
}
