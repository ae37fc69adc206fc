import JacquardEngine
import TestSupport
import Testing

struct TestTimeViewsTests {
  /// A network whose logits are the numbers of its input, in channels-first order.
  private static func identity(_ shape: Shape) throws -> Network {
    let channels = shape.channels
    let model = Model(
      name: "identity", inputShape: shape, classNames: (0..<shape.count).map { "\($0)" },
      // A pixel of 0 is −0.5 in the first channel, −1.5 in the second, and so on.
      preprocessing: Normalization(
        scale: 1, mean: (0..<channels).map { 1 + 2 * Double($0) }, deviation: Array(repeating: 2, count: channels))
    ) {
      Flatten()
      Dense(shape.count)
    }
    let network = try Network(awaitingWeights: model)
    let weights = try #require(network.tensors.first { $0.range.count == shape.count * shape.count })
    network.importTensor(
      weights, (0..<shape.count * shape.count).map { $0 / shape.count == $0 % shape.count ? 1 : 0 })
    return network
  }

  private static func mean(_ network: Network, _ samples: TestSamples, _ views: String) throws -> [Float] {
    let predictor = Predictor(network, team: WorkerTeam(threads: 1))
    let views = try #require(TestTimeViews(views))
    let found = try #require(predictor.logits(of: samples, views: views))
    #expect(found.plain.logits == predictor.logits(of: samples)?.logits)
    #expect(found.mean.labels == samples.labels)
    return found.mean.logits
  }

  @Test(
    arguments: [
      ("none", [1, 2, 3, 4]),
      ("flip", [1.5, 1.5, 3.5, 3.5]),
      // In place; down and right: − − / − 1; up and left: 4 − / − −, where − is −0.5.
      ("shift=1", [1.375, 0.75, 1.25, 2.125]),
      ("flip,shift=1", [1.5, 0.5, 1.5, 2]),
    ] as [(String, [Float])])
  func theMeanOfATinyImageIsAsByHand(views: String, expected: [Float]) throws {
    let shape = Shape.image(height: 2, width: 2, channels: 1)
    let samples = TestSamples(shape: shape, images: [1, 2, 3, 4], labels: [2])
    #expect(try Self.mean(try Self.identity(shape), samples, views) == expected)
  }

  @Test(arguments: [(3, 4, 2, 1), (5, 3, 1, 2), (4, 7, 3, 3), (2, 9, 2, 1)])
  func theMeanIsThatOfPlainLoops(height: Int, width: Int, channels: Int, shift: Int) throws {
    let shape = Shape.image(height: height, width: width, channels: channels)
    var random = TestRandom(seed: 7)
    let images = random.uniform(2 * shape.count)
    let samples = TestSamples(shape: shape, images: images, labels: [0, 1])
    for flips in [false, true] {
      let found = try Self.mean(try Self.identity(shape), samples, "\(flips ? "flip," : "")shift=\(shift)")
      for place in found.indices {
        let (image, element) = (place / shape.count, place % shape.count)
        let (channel, pixel) = (element / shape.pixels, element % shape.pixels)
        let (row, column) = (pixel / width, pixel % width)
        var sum = 0.0
        for (offset, weight) in [(0, 0.5), (shift, 0.25), (-shift, 0.25)] {
          for isMirrored in flips ? [false, true] : [false] {
            let (sourceRow, moved) = (row - offset, column - offset)
            let sourceColumn = isMirrored ? width - 1 - moved : moved
            let isInside = 0..<height ~= sourceRow && 0..<width ~= moved
            let value =
              isInside
              ? Double(images[image * shape.count + (sourceRow * width + sourceColumn) * channels + channel])
              : -0.5 - Double(channel)
            sum += value * weight / (flips ? 2 : 1)
          }
        }
        #expect(abs(Double(found[place]) - sum) < 1e-6, "\(flips), \(place)")
      }
    }
  }

  @Test func threadsAndChunksDoNotMatter() throws {
    let network = try Network(TestModels.tiny, seed: 1)
    let samples = TestSamples.learnable(count: 37, shape: TestModels.tiny.inputShape, classes: 3)
    let views = TestTimeViews(flips: true, shift: 2)
    let expected = Predictor(network, team: WorkerTeam(threads: 1)).logits(of: samples, views: views)?.mean.logits
    #expect(expected?.count == 111)
    for (threads, chunk) in [(1, 1), (2, 3), (3, 7), (2, 32), (3, 64)] {
      let predictor = Predictor(network, team: WorkerTeam(threads: threads), chunk: chunk)
      #expect(predictor.logits(of: samples, views: views)?.mean.logits == expected, "\(threads), \(chunk)")
    }
    // One image alone has the answer that it has among others.
    let size = TestModels.tiny.inputShape.count
    let alone = TestSamples(
      shape: TestModels.tiny.inputShape, images: Array(samples.images[5 * size..<6 * size]), labels: [samples.labels[5]]
    )
    let found = Predictor(network, team: WorkerTeam(threads: 2)).logits(of: alone, views: views)?.mean.logits
    #expect(found.map { $0[...] } == expected?[15..<18])
  }

  /// An image and its mirror image have the same answer, to the bit, and a symmetric image the one that it has alone.
  @Test func mirrorImagesHaveTheSameAnswer() throws {
    let network = try Network(TestModels.tiny, seed: 1)
    let shape = TestModels.tiny.inputShape
    let samples = TestSamples.learnable(count: 5, shape: shape, classes: 3)
    func mirrored(_ images: [Float]) -> [Float] {
      images.indices.map { place in
        let (pixel, channel) = (place / shape.channels, place % shape.channels)
        let row = pixel / shape.width
        let column = shape.width - 1 - pixel % shape.width
        return images[(row * shape.width + column) * shape.channels + channel]
      }
    }
    let mirror = TestSamples(shape: shape, images: mirrored(samples.images), labels: samples.labels)
    #expect(try Self.mean(network, samples, "flip,shift=1") == Self.mean(network, mirror, "flip,shift=1"))
    #expect(try Self.mean(network, samples, "none") != Self.mean(network, mirror, "none"))
    let sums = zip(samples.images, mirror.images).map { $0 + $1 }
    let symmetric = TestSamples(shape: shape, images: sums, labels: samples.labels)
    #expect(try Self.mean(network, symmetric, "flip") == Self.mean(network, symmetric, "none"))
  }

  @Test func aStopEndsTheViews() throws {
    let network = try Network(TestModels.tiny, seed: 1)
    let samples = TestSamples.learnable(count: 5, shape: TestModels.tiny.inputShape, classes: 3)
    let predictor = Predictor(network, team: WorkerTeam(threads: 1))
    #expect(predictor.logits(of: samples, views: TestTimeViews(flips: true)) { true } == nil)
  }

  @Test func textsAreReadAndWritten() {
    for text in ["none", "flip", "shift=1", "flip,shift=3"] { #expect(TestTimeViews(text)?.description == text) }
    #expect(TestTimeViews("shift") == TestTimeViews(shift: 1))
    #expect(TestTimeViews("shift=2,flip") == TestTimeViews(flips: true, shift: 2))
    for text in [
      "", "flip,", "flip,flip", "shift=0", "shift=-1", "shift=", "shift=x", "shift=1,shift", "none,flip", "rot",
    ] {
      #expect(TestTimeViews(text) == nil, "\(text)")
    }
    #expect(
      [TestTimeViews.none, .init(flips: true), .init(shift: 1), .init(flips: true, shift: 2)].map(\.count) == [
        1, 2, 3, 6,
      ])
  }

  @Test func onlyImagesLargerThanAShiftHaveViews() {
    let image = Shape.image(height: 3, width: 8, channels: 1)
    #expect(TestTimeViews(shift: 2).fit(image) && !TestTimeViews(shift: 3).fit(image))
    #expect(TestTimeViews.none.fit(.vector(4)) && !TestTimeViews(flips: true).fit(.vector(4)))
  }
}
