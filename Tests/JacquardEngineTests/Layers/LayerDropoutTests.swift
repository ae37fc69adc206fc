import JacquardEngine
import TestSupport
import Testing

struct LayerDropoutTests {
  static let shape = Shape.image(height: 7, width: 6, channels: 5)
  static let images = 6
  static let ones = [Float](repeating: 1, count: images * shape.count)

  /// Dropout of ones: the mask times the scale.
  private func mask(
    _ rate: Float, images: Int = images, shards: Int = 1, seed: UInt64 = 1, epoch: Int = 1, training: Bool = true
  ) throws -> [Float] {
    let probe = try LayerProbe([Dropout(rate)], input: Self.shape, images: images, shards: shards)
    let ones = Array(Self.ones.prefix(images * Self.shape.count))
    return probe.forward(ones, isTraining: training, seed: seed, epoch: epoch)
  }

  @Test(arguments: [0.1, 0.5, 0.9] as [Float])
  func dropoutDropsItsRateAndScalesTheRest(rate: Float) throws {
    let values = try mask(rate)
    #expect(Set(values) == [0, 1 / (1 - rate)])
    // Five standard deviations of the binomial distribution; the numbers are the same in every run.
    let count = Double(values.count)
    let expected = count * Double(rate)
    let deviation = (expected * (1 - Double(rate))).squareRoot()
    #expect((Double(values.count { $0 == 0 }) - expected).magnitude < 5 * deviation)
  }

  @Test(arguments: [1, 4, 8])
  func gradientsPassTheMaskOfTheForwardPass(shards: Int) throws {
    let probe = try LayerProbe([Dropout(0.3)], input: Self.shape, images: Self.images, shards: shards)
    for (seed, epoch) in [(1, 1), (7, 1), (7, 3)] as [(UInt64, Int)] {
      let mask = probe.forward(Self.ones, seed: seed, epoch: epoch)
      var random = TestRandom(seed: 2)
      let gradient = random.uniform(mask.count)
      let expected = zip(gradient, mask).map { $1 == 0 ? 0 : $0 * $1 }
      #expect(probe.backward(gradient, seed: seed, epoch: epoch).input == expected)
    }
  }

  @Test func rateZeroAndInferenceChangeNothing() throws {
    #expect(try mask(0) == Self.ones)
    #expect(try mask(0.9, training: false) == Self.ones)
  }

  @Test func masksDifferBySeedEpochImageAndLayer() throws {
    let base = try mask(0.5)
    // Two independent masks agree in half of their elements; five deviations of 1260 elements are 0.07.
    func expectIndependent(_ other: [Float], of mask: [Float], _ what: String) {
      let agreement = Double(zip(mask, other).count { $0 == $1 }) / Double(mask.count)
      #expect((agreement - 0.5).magnitude < 5 * 0.5 / Double(mask.count).squareRoot(), "\(what)")
    }
    expectIndependent(try mask(0.5, seed: 2), of: base, "seed")
    expectIndependent(try mask(0.5, epoch: 2), of: base, "epoch")
    let half = base.count / 2
    expectIndependent(Array(base[half...]), of: Array(base[..<half]), "image")

    let layers: [any Layer] = [Dropout(0.5), Dropout(0.5)]
    let both = try LayerProbe(layers, input: Self.shape, images: Self.images).forward(Self.ones)
    // Where the first layer kept an element, the second layer decides.
    let second = base.indices.filter { base[$0] != 0 }.map { both[$0] / 2 }
    expectIndependent(second, of: base.filter { $0 != 0 }, "layer (share kept)")
    #expect(base.indices.allSatisfy { base[$0] != 0 || both[$0] == 0 })
  }

  @Test func anImageHasTheSameMaskInAnyShard() throws {
    let base = try mask(0.5)
    for shards in [2, 4, Self.images, Self.images + 3] { #expect(try mask(0.5, shards: shards) == base) }
    #expect(try mask(0.5, images: 2) == Array(base.prefix(2 * Self.shape.count)))
    #expect(try mask(0.5) == base)
  }
}
