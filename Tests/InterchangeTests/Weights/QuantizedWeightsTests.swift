import Interchange
import JacquardEngine
import TestSupport
import Testing

/// Quantized networks survive a file, and broken files are refused.
struct QuantizedWeightsTests {
  private static let shape = Shape.image(height: 6, width: 6, channels: 2)

  /// Samples that differ from each other.
  private struct Ramps: SampleProvider {
    let count = 12
    let shape = QuantizedWeightsTests.shape

    func order(epoch: Int, into order: inout MutableSpan<Int32>) {
      for place in order.indices { order[place] = Int32(place) }
    }

    func draw(
      _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
    ) {
      for place in samples.indices {
        labels[place] = 0
        for element in 0..<shape.count {
          inputs[place * shape.count + element] = Float((element * 7 + Int(samples[place]) * 13) % 31) / 10 - 1
        }
      }
    }
  }

  private static func network() throws -> Network {
    let model = Model(name: "m", inputShape: shape, classNames: ["a", "b", "c"]) {
      Conv2D(outputChannels: 4, kernelSize: 3, usesBias: false)
      BatchNorm2D()
      ReLU()
      Flatten()
      Dense(3)
    }
    let network = try Network(model, seed: 3)
    network.temperature = 1.5
    return try network.quantized(on: Ramps(), team: WorkerTeam(threads: 1))
  }

  private func logits(_ network: Network) throws -> [Float] {
    try #require(Predictor(network, team: WorkerTeam(threads: 1)).logits(of: Ramps())).logits
  }

  @Test func aFileKeepsEveryBit() throws {
    let folder = try TemporaryFolder()
    let network = try Self.network()
    try network.save(to: folder("small.safetensors"))
    let found = try Network(contentsOf: folder("small.safetensors"))
    #expect(found.quantization != nil && found.quantization == network.quantization)
    #expect(found.temperature == 1.5)
    #expect(found.model == network.model)
    for tensor in network.tensors { #expect(found.exportTensor(tensor) == network.exportTensor(tensor)) }
    #expect(try logits(found) == logits(network))
    try found.save(to: folder("again.safetensors"))
    #expect(folder.bytes("again.safetensors") == folder.bytes("small.safetensors"))
    let file = try WeightsFile(contentsOf: folder("small.safetensors")).content
    #expect(file["conv1.weight"]?.elementType == .int8)
    #expect(file["conv1.weight"]?.values.map(\.magnitude).max() == 127)
    #expect(file["conv1.weight_scale"]?.shape == [4])
    #expect(file["conv1.bias"]?.elementType == .float32)
  }

  @Test func otherWeightsRemoveTheQuantization() throws {
    let network = try Self.network()
    let plain = try Network(network.model, seed: 8)
    try WeightsFile(of: plain, plain.snapshot(), provenance: "{}").load(into: network)
    #expect(network.quantization == nil)
    #expect(try logits(network) == logits(plain))
  }

  /// The message for a file that was changed; the network that it was loaded into stays as it is.
  private func refusal(_ change: (inout SafetensorsFile) throws -> Void) throws -> String {
    let network = try Self.network()
    var file = try WeightsFile(of: network, network.snapshot(), provenance: "{}").content
    try change(&file)
    let before = try logits(network)
    let error = #expect(throws: WeightsError.self) { try WeightsFile(file, path: "w").load(into: network) }
    #expect(try logits(network) == before)
    return error?.description ?? ""
  }

  private func replace(
    _ name: String, in file: inout SafetensorsFile, _ change: (NamedTensor) -> NamedTensor?
  ) {
    file.tensors = file.tensors.compactMap { $0.name == name ? change($0) : $0 }
  }

  @Test func brokenTensorsAreRefused() throws {
    let scales = "conv1.weight_scale"
    #expect(
      try refusal { replace(scales, in: &$0) { _ in nil } }
        == "w: the tensor \"conv1.weight\" holds bytes, but there is no tensor \"conv1.weight_scale\" with a scale for each of its rows; quantize the network again."
    )
    #expect(
      try refusal { replace(scales, in: &$0) { NamedTensor(name: $0.name, shape: [2], values: [1, 1]) } }
        .contains("no tensor \"conv1.weight_scale\" with a scale for each of its rows"))
    for bad in [0, -1, .nan, .infinity] as [Float] {
      let text = try refusal {
        replace(scales, in: &$0) { NamedTensor(name: $0.name, shape: $0.shape, values: [1, bad, 1, 1]) }
      }
      #expect(text.contains("the tensor \"conv1.weight_scale\" holds \(bad), expected positive numbers"))
    }
    let tiny = try refusal {
      replace(scales, in: &$0) { NamedTensor(name: $0.name, shape: $0.shape, values: [1, 1e-30, 1, 1]) }
    }
    #expect(tiny.contains("the weights \"conv1.weight\" have the scale 1e-30"))
    let low = try refusal {
      replace("conv1.weight", in: &$0) {
        NamedTensor(name: $0.name, shape: $0.shape, values: $0.values.map { _ in -128 }, elementType: .int8)
      }
    }
    #expect(low.contains("the tensor \"conv1.weight\" holds -128, expected -127 to 127"))
    // A layer in floating point among those in bytes.
    let mixed = try refusal {
      replace("fc1.weight", in: &$0) { NamedTensor(name: $0.name, shape: $0.shape, values: $0.values) }
      replace("fc1.weight_scale", in: &$0) { _ in nil }
    }
    #expect(mixed.contains("the weights \"fc1.weight\" have no scales"))
    let bias = try refusal {
      replace("conv1.bias", in: &$0) {
        NamedTensor(name: $0.name, shape: $0.shape, values: [1, 2, 3, 4], elementType: .int8)
      }
    }
    #expect(bias.contains("the tensor \"conv1.bias\" holds bytes"))
  }

  @Test(arguments: [
    ("not", "is not JSON"), ("{\"schema\":2}", "is not of schema 1"),
    ("{\"schema\":1}", "has no \"input\""),
    ("{\"schema\":1,\"input\":{\"scale\":0,\"zero_point\":1},\"activations\":[]}", "has no \"input\""),
    ("{\"schema\":1,\"input\":{\"scale\":1,\"zero_point\":256},\"activations\":[]}", "has no \"input\""),
    ("{\"schema\":1,\"input\":{\"scale\":1,\"zero_point\":1}}", "has no list \"activations\""),
    (
      "{\"schema\":1,\"input\":{\"scale\":1,\"zero_point\":1},\"activations\":[{\"name\":\"relu1\",\"scale\":1e99,\"zero_point\":1}]}",
      "in entry 1 of \"activations\""
    ),
    (
      "{\"schema\":1,\"input\":{\"scale\":1,\"zero_point\":1},\"activations\":[]}",
      "the activations of \"relu1\" have no range"
    ),
    (
      "{\"schema\":1,\"input\":{\"scale\":1,\"zero_point\":1},\"activations\":[{\"name\":\"relu1\",\"scale\":1,\"zero_point\":1},{\"name\":\"relu1\",\"scale\":1,\"zero_point\":1}]}",
      "names the activations \"relu1\" twice"
    ),
    (
      "{\"schema\":1,\"input\":{\"scale\":1,\"zero_point\":1},\"activations\":[{\"name\":\"relu1\",\"scale\":1,\"zero_point\":1},{\"name\":\"x\",\"scale\":1,\"zero_point\":1}]}",
      "there is a range for \"x\", which is not an activation of the model"
    ),
  ])
  func brokenRangesAreRefused(text: String, problem: String) throws {
    let message = try refusal { $0.metadata[WeightsFile.MetadataKey.quantization] = text }
    #expect(message.hasPrefix("w: ") && message.contains(problem), "\(message)")
    #expect(message.hasSuffix("; quantize the network again."))
  }

  @Test func bytesWithoutRangesStayUnread() throws {
    let network = try Self.network()
    var file = try WeightsFile(of: network, network.snapshot(), provenance: "{}").content
    file.metadata = [:]
    let found = try SafetensorsFile(bytes: file.serialized(), path: "w")
    #expect(Set(found.skipped.map(\.name)) == ["conv1.weight", "fc1.weight"])
    #expect(found["conv1.weight"] == nil)
  }

  @Test func exportedGraphsRoundToBytes() throws {
    let network = try Self.network()
    let bytes = try ONNXExport().serialized(network, producerVersion: "1.0.0")
    #expect(try ONNXExport().serialized(network, producerVersion: "1.0.0") == bytes)
    // The import computes in floating point with the same weights.
    let found = try ONNXImport(file: bytes, path: "m.onnx", name: "m")
    let tensors = Dictionary(uniqueKeysWithValues: found.tensors.map { ($0.name, $0.values) })
    let weight = try #require(network.tensors.first { $0.name == "fc1.weight" })
    #expect(tensors.values.contains(network.exportTensor(weight)))
  }
}
