import JacquardEngine
import Testing

/// A network starts with drawn weights, unless it is created for weights that are loaded later.
struct NetworkTests {
  @Test(arguments: Initialization.allCases)
  func startsWithDrawnWeights(scheme: Initialization) throws {
    let network = try Network(TestModels.tiny, seed: 3, initialization: scheme)
    for tensor in network.tensors where tensor.specification.role == .weight {
      #expect(network.exportTensor(tensor).allSatisfy { $0 != 0 }, "\(tensor.name)")
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
}
