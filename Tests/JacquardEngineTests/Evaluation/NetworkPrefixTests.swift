import JacquardEngine
import TestSupport
import Testing

/// The first layers of a network as a separate network.
struct NetworkPrefixTests {
  /// A network's answers to two images.
  private func answers(_ network: Network) throws -> [Float] {
    var random = TestRandom(seed: 3)
    let shape = network.model.inputShape
    let samples = TestSamples(shape: shape, images: random.uniform(2 * shape.count), labels: [0, 1])
    return try #require(Predictor(network, team: WorkerTeam(threads: 1)).logits(of: samples)).logits
  }

  private func network(_ model: Model) throws -> Network {
    let network = try Network(model, seed: 5)
    return network
  }

  @Test(arguments: ["lenet", "cnn", "vgg"])
  func allLayersAreTheNetwork(name: String) throws {
    let network = try network(Model.named(name))
    let whole = try network.prefix(layers: network.model.layers.count)
    #expect(whole.outputShape == .vector(10))
    #expect(try answers(whole) == answers(network))
    #expect(network.layerNames.count == network.model.layers.count)
  }

  @Test(arguments: ["lenet", "cnn", "vgg"])
  func eachLayerFollowsFromTheOneBefore(name: String) throws {
    let network = try network(Model.named(name))
    let outputs = try (1...network.model.layers.count).map { try network.prefix(layers: $0) }
    var activations = 0
    for (index, part) in outputs.enumerated() {
      let values = try answers(part)
      #expect(values.count == 2 * part.outputShape.count, "\(network.layerNames[index])")
      #expect(values.allSatisfy { $0.isFinite })
      guard index > 0, network.model.layers[index] is ReLU else { continue }
      activations += 1
      #expect(try answers(outputs[index - 1]).map { max(0, $0) } == values, "\(network.layerNames[index])")
    }
    #expect(activations >= 4)
  }

  @Test func theRestOfTheNetworkIsNotTouched() throws {
    let network = try network(TestModels.tiny)
    let before = network.bits
    let part = try network.prefix(layers: 3)
    #expect(part.outputShape == .image(height: 8, width: 8, channels: 6))
    #expect(
      part.tensors.allSatisfy { tensor in
        network.tensor(tensor.name).map(network.exportTensor) == part.exportTensor(tensor)
      })
    #expect(network.bits == before)
  }
}
