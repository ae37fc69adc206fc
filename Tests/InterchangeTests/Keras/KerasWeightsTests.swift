import Interchange
import JacquardEngine
import NumPy
import Testing

/// Weights of Keras models; the conformance tests read real ones.
struct KerasWeightsTests {
  /// A dense layer of two inputs and three outputs.
  private func load(_ variables: [(name: String, array: NumPyArray)]) throws -> [Float] {
    let model = Model(name: "m", inputShape: .image(height: 1, width: 2, channels: 1), classNames: ["a", "b", "c"]) {
      Flatten()
      Dense(3)
    }
    let network = try Network(awaitingWeights: model)
    let archive = NumPyArchive(variables.map { NumPyArchive.Member(name: "000." + $0.name, array: $0.array) })
    try #require(KerasWeights(archive)).load(into: network)
    return network.tensors.flatMap { network.exportTensor($0) }
  }

  private static let kernel = NumPyArray(shape: [2, 3], floats: [1, 2, 3, 4, 5, 6])
  private static let bias = NumPyArray(shape: [3], floats: [7, 8, 9])

  @Test func kernelAndBiasAreLoaded() throws {
    #expect(try load([("kernel", Self.kernel), ("bias", Self.bias)]) == [1, 4, 2, 5, 3, 6, 7, 8, 9])
  }

  /// A layer has a kernel or a factor; if it had both, one would be ignored.
  @Test func twoVariablesForOneTensorAreRefused() throws {
    let error = try #require(throws: WeightsMismatch.self) {
      try load([("kernel", Self.kernel), ("gamma", Self.bias), ("bias", Self.bias)])
    }
    #expect(error.description.hasPrefix("layer 0 of the file has kernel and gamma, of which "))
  }
}
