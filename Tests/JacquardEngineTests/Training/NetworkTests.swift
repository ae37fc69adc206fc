import JacquardEngine
import Testing

/// A network starts with drawn weights, unless it is created for weights that are loaded later.
struct NetworkTests {
  @Test(arguments: Initialization.allCases)
  func startsWithDrawnWeights(scheme: Initialization) throws {
    let network = try Network(TestModels.tiny, seed: 3, initialization: scheme)
    for tensor in network.tensors where tensor.specification.role == .weight {
      let values = network.exportTensor(tensor)
      // Dirac's filters are 0 but for one tap.
      let isIdentity = scheme == .dirac && tensor.specification.order.fileShape.count == 4
      #expect(isIdentity ? values.contains { $0 != 0 } : values.allSatisfy { $0 != 0 }, "\(tensor.name)")
    }
    let filled = try Network(awaitingWeights: TestModels.tiny)
    try filled.initialize(scheme, seed: 3)
    #expect(filled.bits == network.bits)
    #expect(try Network(TestModels.tiny, seed: 4, initialization: scheme).bits != network.bits)
  }

  @Test func aNetworkThatAwaitsWeightsIsZero() throws {
    let network = try Network(awaitingWeights: TestModels.tiny)
    #expect(network.allValues.allSatisfy { $0.allSatisfy { $0 == 0 } })
  }

  @Test func aModelWhoseShapesDoNotFitIsRefused() {
    let model = Model(name: "wrong", inputShape: .vector(3), classNames: ["a", "b"]) { Dense(3) }
    #expect(throws: ModelError.self) { try Network(model, seed: 1) }
    #expect(throws: ModelError.self) { try Network(awaitingWeights: model) }
  }

  /// The first filters pass a channel on; the others are random.
  @Test func diracFiltersPassTheirInput() throws {
    let model = Model(name: "one", inputShape: .image(height: 5, width: 5, channels: 3), classNames: ["a", "b"]) {
      Conv2D(outputChannels: 5, kernelSize: 3, padding: .same(3), usesBias: false)
      GlobalAveragePool()
      Dense(2)
    }
    let network = try Network(model, seed: 1, initialization: .dirac)
    let weights = network.exportTensor(network.tensors[0])
    for output in 0..<5 {
      let filter = Array(weights[output * 27..<(output + 1) * 27])
      if output < 3 {
        #expect(filter == (0..<27).map { $0 == output * 9 + 4 ? 1 : 0 })
      } else {
        #expect(filter.allSatisfy { $0 != 0 && abs($0) <= 1 / Float(27).squareRoot() })
        #expect(filter.contains { abs($0) > 0.75 / Float(27).squareRoot() })
      }
    }
  }
}
