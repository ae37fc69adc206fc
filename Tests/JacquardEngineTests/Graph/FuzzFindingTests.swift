import JacquardEngine
import TestSupport
import Testing

/// Models written by a fuzzer that once stopped the process.
struct FuzzFindingTests {
  /// For the direct method, six channels are stored in eight floats per pixel, which only pools of 2×2 can read.
  @Test(arguments: [(3, 3), (2, 1), (3, 2)], [true, false])
  func poolsOfAnyWindowFollowFewChannels(pool: (size: Int, stride: Int), hasNorm: Bool) throws {
    let window = Size2D(height: pool.size, width: pool.size)
    let stride = Size2D(height: pool.stride, width: pool.stride)
    let model = Model(name: "pools", inputShape: .image(height: 8, width: 8, channels: 2), classNames: ["a", "b"]) {
      Conv2D(outputChannels: 6, kernelSize: 3)
      if hasNorm { BatchNorm2D() }
      ReLU()
      MaxPool2D(window, stride: stride)
      Flatten()
      Dense(2)
    }
    let samples = TestSamples.learnable(count: 6, shape: model.inputShape, classes: 2)
    let results = try [ConvolutionAlgorithm.auto, .naive].map { algorithm in
      let network = try Network(model, seed: 1, options: ComputeOptions(algorithm: algorithm))
      var configuration = TrainingConfiguration()
      configuration.batchSize = 3
      configuration.shards = 2
      configuration.epochs = 1
      // Adam divides by the gradient's size, and would amplify a difference that is only rounding.
      configuration.optimizer = .sgd
      let team = WorkerTeam(threads: 2)
      Trainer(network: network, configuration: configuration, provider: samples, team: team).run { _ in .proceed }
      return (Predictor(network, team: team).logits(of: samples)?.logits ?? []).map { Double($0) }
    }
    #expect(results[0].count == 12)
    for (fast, plain) in zip(results[0], results[1]) { #expect(abs(fast - plain) < 1e-4) }
  }
}
