import Datasets
import Testing

struct SampleSourceTests {
  @Test(arguments: [(1, 1, 1), (5, 5, 1), (4, 7, 3), (28, 28, 1), (3, 2, 10)])
  func samplesAreNormalizedPerChannel(height: Int, width: Int, channels: Int) throws {
    let set = SampleImages.patterned(count: 6, height: height, width: width, channels: channels)
    let normalization = Normalization(
      mean: (0..<channels).map { 0.1 + 0.07 * Double($0) }, deviation: (0..<channels).map { 0.3 + 0.05 * Double($0) })
    let source = try SampleSource(set, normalization: normalization, seed: 1)
    let samples: [Int32] = [5, 0, 0, 3]
    let drawn = DrawnSamples(source, samples, epoch: 4)
    #expect(drawn.labels == [2, 0, 0, 0])
    let size = height * width * channels
    for (place, sample) in samples.enumerated() {
      for element in 0..<size {
        let channel = element % channels
        let pixel = Double(set.images[Int(sample) * size + element])
        let expected = (pixel / 255 - normalization.mean[channel]) / normalization.deviation[channel]
        #expect(drawn.pixels[place * size + element] == Float(expected))
      }
    }
  }

  /// All three changes at once, against the same arithmetic written separately in another language: FNV-1a over the pixel values.
  @Test(arguments: [(0, 0xCF9F_A36D_F633_5AFF), (3, 0x21C9_3B5B_8EEA_90B2)] as [(Int, UInt64)])
  func augmentedSamplesNeverChange(epoch: Int, expected: UInt64) throws {
    let set = SampleImages.patterned(count: 8, height: 10, width: 12, channels: 2)
    let source = try SampleSource(
      set, normalization: SampleImages.identity(channels: 2), augmentation: Augmentation(parsing: "flip,shift=2,erase"),
      seed: 9)
    let drawn = DrawnSamples(source, [5, 0, 7, 3, 1, 2, 6, 4], epoch: epoch)
    let hash = drawn.pixels.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1.rounded())) &* 0x0000_0100_0000_01B3
    }
    #expect(hash == expected)
  }

  /// A sample depends only on (seed, epoch, index), not on its batch, its position or earlier draws.
  @Test func samplesDoNotDependOnTheirBatch() throws {
    let set = SampleImages.patterned(count: 12, height: 6, width: 5, channels: 1)
    let augmentation = try Augmentation(parsing: "flip,shift=1,erase")
    let source = try SampleSource(
      set, normalization: SampleImages.identity(channels: 1), augmentation: augmentation, seed: 2)
    let together = DrawnSamples(source, set.allIndices.reversed(), epoch: 1)
    for (place, sample) in set.allIndices.reversed().enumerated() {
      let alone = DrawnSamples(source, [sample], epoch: 1)
      #expect(alone.pixels == Array(together.pixels[(place * 30)..<(place * 30 + 30)]))
      #expect(alone.labels == [together.labels[place]])
    }
    #expect(DrawnSamples(source, set.allIndices, epoch: 2) != DrawnSamples(source, set.allIndices, epoch: 1))
    let subset = try SampleSource(
      set, indices: [7, 3], normalization: SampleImages.identity(channels: 1), augmentation: augmentation, seed: 2)
    #expect(subset.count == 2)
    #expect(DrawnSamples(subset, [0, 1], epoch: 1) == DrawnSamples(source, [7, 3], epoch: 1))
  }

  /// Samples are numbered from 0, regardless of their images, and an epoch visits each of them.
  @Test func epochsVisitEverySample() throws {
    let set = SampleImages.patterned(count: 12, height: 2, width: 2, channels: 1)
    func order(isShuffled: Bool, seed: UInt64, epoch: Int) throws -> [Int32] {
      let source = try SampleSource(
        set, indices: [9, 2, 11, 4, 7, 0, 1, 3], normalization: .fashionMNIST, isShuffled: isShuffled, seed: seed)
      var order = [Int32](repeating: -1, count: source.count)
      var span = order.mutableSpan
      source.order(epoch: epoch, into: &span)
      return order
    }
    #expect(try order(isShuffled: false, seed: 1, epoch: 3) == Array(0..<8))
    let first = try order(isShuffled: true, seed: 1, epoch: 1)
    #expect(first.sorted() == Array(0..<8) && first != Array(0..<8))
    #expect(try order(isShuffled: true, seed: 1, epoch: 2) != first)
    #expect(try order(isShuffled: true, seed: 2, epoch: 1) != first)
    #expect(try order(isShuffled: true, seed: 1, epoch: 1) == first)
  }

  @Test func threadsDrawTheSame() throws {
    let set = SampleImages.patterned(count: 200, height: 9, width: 9, channels: 1)
    let source = try SampleSource(
      set, normalization: .fashionMNIST, augmentation: Augmentation(parsing: "flip,shift=2,erase"), seed: 2)
    DrawnSamples.expectTheSameOnThreads(source)
  }

  @Test func anUnsuitableAugmentationIsRefused() throws {
    let set = SampleImages.patterned(count: 1, height: 6, width: 5, channels: 1)
    let error = try #require(throws: SettingError.self) {
      try SampleSource(set, normalization: .fashionMNIST, augmentation: .shift(5), seed: 1)
    }
    #expect(error.part == "shift=5")
  }
}
