import Datasets
import Randomness
import Testing

/// Mixup and cutmix.
struct MixingTests {
  private struct Mix {
    let partner: Int
    let share: Double
    var rectangle: (rows: Range<Int>, columns: Range<Int>)?
  }

  private struct Classes: Equatable {
    let labels: [Int32]
    let weights: [Float]
  }

  private static func source(
    _ set: ImageSet, _ text: String, indices: [Int32]? = nil
  ) throws -> SampleSource {
    try SampleSource(
      set, indices: indices, normalization: SampleImages.identity(channels: set.shape.channels),
      augmentation: Augmentation(parsing: text), seed: 4)
  }

  private static func classes(_ source: SampleSource, _ samples: [Int32], epoch: Int) -> Classes {
    var labels = [Int32](repeating: -1, count: samples.count)
    var weights = [Float](repeating: .nan, count: samples.count)
    var labelSpan = labels.mutableSpan
    var weightSpan = weights.mutableSpan
    source.mixedLabels(of: samples.span, epoch: epoch, into: &labelSpan, weights: &weightSpan)
    return Classes(labels: labels, weights: weights)
  }

  /// The random numbers of a sample, drawn as documented.
  private static func mix(_ index: Int, epoch: Int, count: Int, shape: Shape, mixup: Double, cutmix: Double) -> Mix {
    var generator = RandomStream(seed: 4, name: "augmentation.mix").generator(epoch: epoch, index: index)
    let partner = generator.integer(below: count)
    let isCut = cutmix > 0 && (mixup == 0 || generator.coin())
    let share = generator.beta(isCut ? cutmix : mixup)
    guard isCut else { return Mix(partner: partner, share: share) }
    let rows = Int(share.squareRoot() * Double(shape.height))
    let columns = Int(share.squareRoot() * Double(shape.width))
    let top = generator.integer(below: shape.height) - rows / 2
    let left = generator.integer(below: shape.width) - columns / 2
    let kept = (
      rows: max(0, top)..<min(shape.height, top + rows), columns: max(0, left)..<min(shape.width, left + columns)
    )
    return Mix(
      partner: partner, share: Double(kept.rows.count * kept.columns.count) / Double(shape.pixels), rectangle: kept)
  }

  @Test(
    arguments: [(6, 5, 1), (4, 7, 3), (1, 1, 1), (1, 9, 2)], [(0.4, 0.0), (0, 1), (1, 1)])
  func samplesAreMixedWithOthers(size: (Int, Int, Int), parameters: (mixup: Double, cutmix: Double)) throws {
    let set = SampleImages.patterned(count: 60, height: size.0, width: size.1, channels: size.2)
    let indices = (0..<50).map { Int32(59 - $0) }
    let ways = [("mixup", parameters.mixup), ("cutmix", parameters.cutmix)].filter { $0.1 > 0 }
    let text = "flip," + ways.map { "\($0.0)=\($0.1)" }.joined(separator: ",")
    let source = try Self.source(set, text, indices: indices)
    #expect(source.isMixed)
    let samples = (0..<50).map { Int32($0) }
    let plain = DrawnSamples(try Self.source(set, "flip", indices: indices), samples, epoch: 2)
    let drawn = DrawnSamples(source, samples, epoch: 2)
    let classes = Self.classes(source, samples, epoch: 2)
    let count = set.shape.count
    var partners: Set<Int> = []
    for sample in 0..<50 {
      let mix = Self.mix(
        Int(indices[sample]), epoch: 2, count: 50, shape: set.shape, mixup: parameters.mixup, cutmix: parameters.cutmix)
      partners.insert(mix.partner)
      for place in 0..<count {
        let (own, other) = (plain.pixels[sample * count + place], plain.pixels[mix.partner * count + place])
        let pixel = place / size.2
        let isInside = mix.rectangle.map { $0.rows.contains(pixel / size.1) && $0.columns.contains(pixel % size.1) }
        let share = isInside.map { $0 ? 1 : 0 } ?? mix.share
        let expected = Double(own) * (1 - share) + Double(other) * share
        #expect(abs(Double(drawn.pixels[sample * count + place]) - expected) < 1e-4, "sample \(sample)")
      }
      let (own, other) = (plain.labels[sample], plain.labels[mix.partner])
      // The larger part's class is the sample's.
      #expect(drawn.labels[sample] == (mix.share > 0.5 ? other : own))
      #expect(classes.labels[sample] == (mix.share > 0.5 ? own : other))
      #expect(abs(Double(classes.weights[sample]) - min(mix.share, 1 - mix.share)) < 1e-7)
    }
    #expect(partners.count > 20 && classes.weights.allSatisfy { $0 >= 0 && $0 <= 0.5 })
  }

  /// A mix depends on (seed, epoch, index), not on the batch.
  @Test func mixesDoNotDependOnTheirBatch() throws {
    let set = SampleImages.patterned(count: 40, height: 8, width: 6, channels: 1)
    let source = try Self.source(set, "shift=1,mixup=0.3,cutmix=0.7")
    let all = DrawnSamples(source, set.allIndices, epoch: 1)
    let classes = Self.classes(source, set.allIndices, epoch: 1)
    for sample in set.allIndices.reversed() {
      let one = DrawnSamples(source, [sample], epoch: 1)
      #expect(one.pixels == Array(all.pixels[Int(sample) * 48..<(Int(sample) + 1) * 48]))
      #expect(one.labels == [all.labels[Int(sample)]])
      let own = Self.classes(source, [sample], epoch: 1)
      #expect(own.labels == [classes.labels[Int(sample)]] && own.weights == [classes.weights[Int(sample)]])
    }
    #expect(DrawnSamples(source, set.allIndices, epoch: 0) != all)
    #expect(Self.classes(source, set.allIndices, epoch: 0) != classes)
  }

  @Test func threadsMixTheSame() throws {
    let set = SampleImages.patterned(count: 200, height: 9, width: 9, channels: 1)
    let source = try Self.source(set, "flip,mixup=0.5,cutmix=1")
    DrawnSamples.expectTheSameOnThreads(source)
  }

  @Test func otherSamplesAreNotMixed() throws {
    let set = SampleImages.patterned(count: 6, height: 3, width: 3, channels: 1)
    let plain = try Self.source(set, "flip")
    #expect(!plain.isMixed)
    #expect(Self.classes(plain, [4, 1], epoch: 0).weights == [0, 0])
    let mixed = try Self.source(set, "none").augmented(.mixup(1))
    #expect(mixed.isMixed && !mixed.augmented().isMixed)
  }
}
