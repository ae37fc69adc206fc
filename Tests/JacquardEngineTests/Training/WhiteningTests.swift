import JacquardEngine
import LinearAlgebra
import TestSupport
import Testing

/// The whitened filters' outputs are uncorrelated and of one length, on the images that they were learned from.
struct WhiteningTests {
  @Test(arguments: [1, 3], [MatrixProduct.blas, .portable, .naive])
  func outputsAreUncorrelated(channels: Int, product: MatrixProduct) throws {
    let model = Self.model(channels: channels, filters: 2 * 9 * channels)
    let samples = TestSamples.learnable(count: 40, shape: model.inputShape, classes: 3)
    let network = try Network(model, seed: 1, options: ComputeOptions(product: product))
    #expect(try network.whitenFirstConvolution(by: samples) == "conv1.weight")
    let (taps, filters) = (9 * channels, 9 * channels)
    let weights = network.exportTensor(network.tensors[0])
    // The negatives follow.
    #expect(Array(weights[(taps * filters)...]) == weights[..<(taps * filters)].map { -$0 })
    var moments = [Double](repeating: 0, count: filters * filters)
    let patches = Self.patches(of: samples, channels: channels)
    for patch in patches {
      let outputs = (0..<filters).map { filter in
        (0..<taps).reduce(0.0) { $0 + Double(weights[filter * taps + $1]) * patch[$1] }
      }
      for i in 0..<filters { for j in 0..<filters { moments[i * filters + j] += outputs[i] * outputs[j] } }
    }
    for i in 0..<filters {
      for j in 0..<filters {
        let moment = moments[i * filters + j] / Double(patches.count)
        // λ / (λ + 0.0005): close to 1, but for directions in which there is nothing.
        #expect(i == j ? moment > 0.95 && moment < 1.001 : abs(moment) < 1e-3, "\(i), \(j): \(moment)")
      }
    }
  }

  @Test func fewerFiltersAreThoseOfTheLargestEigenvalues() throws {
    func weights(filters: Int) throws -> [Float] {
      let model = Self.model(channels: 1, filters: filters)
      let network = try Network(model, seed: 1)
      _ = try network.whitenFirstConvolution(by: TestSamples.learnable(count: 20, shape: model.inputShape, classes: 3))
      return network.exportTensor(network.tensors[0])
    }
    let (all, some) = (try weights(filters: 18), try weights(filters: 6))
    expectClose(Array(some[..<27]), all[..<27].map { Double($0) }, relativeTo: .one, tolerance: 1e-4)
  }

  @Test func unsuitableLayersAreRefused() throws {
    for (filters, problem) in [(7, "found 7"), (20, "at most 18")] {
      let model = Self.model(channels: 1, filters: filters)
      let network = try Network(model, seed: 1)
      let samples = TestSamples.learnable(count: 3, shape: model.inputShape, classes: 3)
      let error = #expect(throws: WhiteningError.self) { try network.whitenFirstConvolution(by: samples) }
      #expect(error?.description.contains(problem) == true)
    }
    let dense = try Network(TestModels.linear(), seed: 1)
    let samples = TestSamples.learnable(count: 3, shape: .vector(3), classes: 2)
    #expect(throws: WhiteningError.noConvolution(model: dense.model.name)) {
      try dense.whitenFirstConvolution(by: samples)
    }
  }

  private static func model(channels: Int, filters: Int) -> Model {
    Model(
      name: "white", inputShape: .image(height: 8, width: 7, channels: channels), classNames: ["a", "b", "c"]
    ) {
      Conv2D(outputChannels: filters, kernelSize: 3)
      ReLU()
      GlobalAveragePool()
      Dense(3)
    }
  }

  /// All patches, with taps in the order of files: `[channels][kernelHeight][kernelWidth]`.
  private static func patches(of samples: TestSamples, channels: Int) -> [[Double]] {
    (0..<samples.count).flatMap { sample in
      (0..<6).flatMap { row in
        (0..<5).map { column in
          (0..<9 * channels).map { tap in
            let (channel, y, x) = (tap / 9, tap % 9 / 3, tap % 3)
            let place = ((row + y) * 7 + column + x) * channels + channel
            return Double(samples.images[sample * samples.shape.count + place])
          }
        }
      }
    }
  }
}
