import JacquardEngine
import TestSupport
import Testing

/// Maps from gradients and from covered images, against their definitions.
struct SaliencyMapTests {
  private func gradients(
    layer: Shape, _ activations: [Float], _ slopes: [Float], input: Shape = .image(height: 1, width: 1, channels: 1),
    _ pixels: [Float] = [0]
  ) -> LogitGradients {
    LogitGradients(
      layer: "x", layerShape: layer, inputShape: input, logits: [0], activations: activations, layerGradients: slopes,
      inputGradients: pixels)
  }

  @Test func aClassActivationMapWeighsChannelsByTheirMeanGradient() {
    // Mean gradients 0.5 and −2: at the pixels 0.5 · 4 − 2 · 1, 0.5 · 2 + 2 · 1, and so on.
    let map = gradients(
      layer: .image(height: 2, width: 1, channels: 2), [4, 1, 2, -1], [1, -1, 0, -3]
    ).gradCAM(0)
    #expect(map == SaliencyMap(height: 2, width: 1, values: [0, 3]))
  }

  @Test func aPixelHasItsLargestGradient() {
    let map = gradients(
      layer: .vector(1), [0], [0], input: .image(height: 1, width: 2, channels: 3), [1, -4, 2, 0, 0.5, -0.25]
    ).inputMap(0)
    #expect(map == SaliencyMap(height: 1, width: 2, values: [4, 0.5]))
  }

  @Test func resizingInterpolatesBetweenCenters() {
    let map = SaliencyMap(height: 1, width: 2, values: [0, 1])
    #expect(map.resized(height: 1, width: 4).values == [0, 0.25, 0.75, 1])
    #expect(map.resized(height: 2, width: 2).values == [0, 1, 0, 1])
    #expect(SaliencyMap(height: 1, width: 4, values: [1, 3, 5, 7]).resized(height: 1, width: 2).values == [2, 6])
    #expect(SaliencyMap(height: 1, width: 1, values: [5]).resized(height: 2, width: 3).values == [5, 5, 5, 5, 5, 5])
  }

  /// Of a linear model, covering a square takes away exactly the products of its pixels and weights.
  @Test(arguments: [(1, 1), (2, 1), (3, 2), (4, 4), (9, 9)])
  func coveringTakesAwayWhatPixelsAdd(patch: Int, step: Int) throws {
    let shape = Shape.image(height: 5, width: 7, channels: 2)
    let model = Model(name: "linear", inputShape: shape, classNames: ["a", "b", "c"]) {
      Flatten()
      Dense(3)
    }
    let network = try Network(model, seed: 4)
    var random = TestRandom(seed: 9)
    let samples = TestSamples(shape: shape, images: random.uniform(3 * shape.count), labels: [0, 0, 0])
    let weights = try #require(network.tensor("fc1.weight")).specification.order
    let values = network.exportTensor(try #require(network.tensor("fc1.weight")))
    // In memory: [input][class].
    var memory = [Float](repeating: 0, count: values.count)
    for (file, place) in weights.indicesInFileOrder.enumerated() { memory[place] = values[file] }
    let occlusion = Occlusion(patch: patch, step: step)
    func starts(_ side: Int) -> [Int] {
      let last = max(0, side - patch)
      return Array(Set(stride(from: 0, through: last, by: step)).union([last])).sorted()
    }
    #expect(occlusion.squareCount(for: shape) == starts(5).count * starts(7).count)
    for choice in 0..<3 {
      var (sums, counts) = ([Double](repeating: 0, count: 35), [Double](repeating: 0, count: 35))
      for top in starts(5) {
        for left in starts(7) {
          let pixels = (top..<min(5, top + patch)).flatMap { row in (left..<min(7, left + patch)).map { row * 7 + $0 } }
          var fall = 0.0
          for pixel in pixels {
            for element in [2 * pixel, 2 * pixel + 1] {
              fall += Double(samples.images[shape.count + element]) * Double(memory[element * 3 + choice])
            }
          }
          for pixel in pixels { (sums[pixel], counts[pixel]) = (sums[pixel] + fall, counts[pixel] + 1) }
        }
      }
      let predictor = Predictor(network, team: WorkerTeam(threads: 2), chunk: 4)
      let map = occlusion.map(of: 1, in: samples, class: choice, with: predictor)
      #expect(map.height == 5 && map.width == 7)
      expectClose(map.values, zip(sums, counts).map { $0 / $1 }, tolerance: 1e-5)
    }
  }

  @Test func theSquaresFitTheImage() {
    #expect(Occlusion(for: .image(height: 28, width: 28, channels: 1)) == Occlusion(patch: 4, step: 2))
    #expect(Occlusion(for: .image(height: 1, width: 3, channels: 1)) == Occlusion(patch: 1, step: 1))
  }
}
