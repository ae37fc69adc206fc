import AllocationCounter
import Datasets
import Samples
import Testing

/// Balanced sampling: how often an epoch uses each class and each sample, and how repeats are changed.
struct ClassBalanceTests {
  /// Images of these class sizes, all different, in an order without a pattern.
  private static func set(_ sizes: [Int]) -> ImageSet {
    let labels = sizes.enumerated().flatMap { label, size in (0..<size).map { (UInt16(label), $0) } }
      .sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
    let images = labels.indices.flatMap { image in (0..<16).map { UInt8(1 + (image * 31 + $0 * 7) % 255) } }
    return ImageSet(
      shape: .image(height: 4, width: 4, channels: 1), classNames: sizes.indices.map { "c\($0)" }, images: images,
      labels: labels)
  }

  private static func source(_ sizes: [Int], _ augmentation: String = "none", seed: UInt64 = 1) throws -> SampleSource {
    try SampleSource(
      set(sizes), normalization: SampleImages.identity(channels: 1), augmentation: Augmentation(parsing: augmentation),
      isShuffled: true, sampling: .balanced, seed: seed)
  }

  private static func order(_ source: SampleSource, epoch: Int) -> [Int32] {
    var order = [Int32](repeating: -1, count: source.count)
    var span = order.mutableSpan
    source.order(epoch: epoch, into: &span)
    return order
  }

  @Test(
    arguments: [[10, 10], [1, 9], [100, 7, 1, 40], [5, 0, 3], [1], [3, 1, 1, 1, 1, 1, 30]], ["none", "flip,shift=1"])
  func everyClassAndItsSamplesAreEquallyFrequent(sizes: [Int], augmentation: String) throws {
    let source = try Self.source(sizes, augmentation)
    let present = sizes.indices.filter { sizes[$0] > 0 }
    var drawsOfClass = [Int](repeating: 0, count: sizes.count)
    for epoch in 1...2 * present.count {
      let order = Self.order(source, epoch: epoch)
      let images = order.map { source.image(ofNumber: Int($0)) }
      var uses = [Int](repeating: 0, count: source.count)
      for image in images { uses[image] += 1 }
      let quotas = sizes.indices.map { label in
        source.indices.reduce(0) { $0 + (Int(source.set.labels[Int($1)]) == label ? uses[Int($1)] : 0) }
      }
      #expect(quotas.reduce(0, +) == source.count)
      for label in present {
        #expect(abs(quotas[label] * present.count - source.count) < present.count, "class \(label): \(quotas)")
        let ofClass = source.indices.filter { Int(source.set.labels[Int($0)]) == label }.map { uses[Int($0)] }
        #expect((ofClass.max() ?? 0) - (ofClass.min() ?? 0) <= 1, "class \(label): \(ofClass)")
        drawsOfClass[label] += quotas[label]
      }
      // With changes, each use has its own number; without, all uses of a sample have its number.
      #expect(Set(order).count == (augmentation == "none" ? Set(images).count : order.count))
      #expect(DrawnSamples(source, order, epoch: epoch).labels == images.map { Int32(source.set.labels[$0]) })
    }
    // What is left over when the length is divided by the classes goes around.
    let totals = present.map { drawsOfClass[$0] }
    #expect(Set(totals) == [2 * source.count])
  }

  @Test func epochsAndSeedsDifferAndRepeat() throws {
    let source = try Self.source([60, 5, 20])
    #expect(Self.order(source, epoch: 1) == Self.order(source, epoch: 1))
    #expect(Self.order(source, epoch: 1) != Self.order(source, epoch: 2))
    #expect(try Self.order(Self.source([60, 5, 20], seed: 2), epoch: 1) != Self.order(source, epoch: 1))
    // Frequent classes leave out other samples in other epochs.
    let used = (1...30).reduce(into: Set<Int32>()) { $0.formUnion(Self.order(source, epoch: $1)) }
    #expect(used.count == 85)
  }

  /// The uses of a sample are changed in different ways, the first as in an epoch without repeats.
  @Test func repeatsAreChangedDifferently() throws {
    let source = try Self.source([40, 2], "flip,shift=1,erase")
    let once = try SampleSource(
      source.set, normalization: source.normalization, augmentation: source.augmentation, isShuffled: true, seed: 1)
    let order = Self.order(source, epoch: 3)
    let rare = try #require(source.indices.first { source.set.labels[Int($0)] == 1 })
    let uses = order.filter { source.image(ofNumber: Int($0)) == Int(rare) }
    #expect(uses.count >= 10 && uses.contains(rare))
    let drawn = uses.map { DrawnSamples(source, [$0], epoch: 3).pixels }
    #expect(Set(drawn).count > uses.count / 2)
    #expect(DrawnSamples(source, [rare], epoch: 3) == DrawnSamples(once, [rare], epoch: 3))
  }

  /// `flip=alternate` mirrors the second use of a sample in an epoch if it does not mirror the first.
  @Test func alternatingChangesAlternateBetweenUses() throws {
    let source = try Self.source([40, 2], "flip=alternate")
    let rare = try #require(source.indices.first { source.set.labels[Int($0)] == 1 })
    let uses = Self.order(source, epoch: 1).filter { source.image(ofNumber: Int($0)) == Int(rare) }.sorted()
    let drawn = uses.map { DrawnSamples(source, [$0], epoch: 1).pixels }
    for index in 2..<drawn.count { #expect(drawn[index] == drawn[index - 2] && drawn[index] != drawn[index - 1]) }
  }

  /// With whom samples are mixed follows the balance, too.
  @Test func partnersOfMixesAreBalanced() throws {
    let source = try Self.source([900, 60, 40], "mixup=1")
    var counts = [Int](repeating: 0, count: 3)
    for epoch in 1...4 {
      let order = Self.order(source, epoch: epoch)
      var second = [Int32](repeating: -1, count: order.count)
      var weights = [Float](repeating: -1, count: order.count)
      var secondSpan = second.mutableSpan
      var weightSpan = weights.mutableSpan
      source.mixedLabels(of: order.span, epoch: epoch, into: &secondSpan, weights: &weightSpan)
      let first = DrawnSamples(source, order, epoch: epoch).labels
      for label in first + second { counts[Int(label)] += 1 }
    }
    // 8,000 labels of three equally probable classes: the deviation of a share is 0.5 %.
    for count in counts { #expect(abs(Double(count) / 8000 - 1.0 / 3) < 0.03, "\(counts)") }
  }

  @Test func drawingAllocatesNothing() throws {
    let source = try Self.source([30, 3, 1], "flip,shift=1,mixup=0.2")
    var order = [Int32](repeating: 0, count: source.count)
    var pixels = [Float](repeating: 0, count: source.count * 16)
    var labels = [Int32](repeating: 0, count: source.count)
    for epoch in 0..<4 {
      let before = allocations_of_this_thread()
      var orderSpan = order.mutableSpan
      source.order(epoch: epoch, into: &orderSpan)
      var pixelSpan = pixels.mutableSpan
      var labelSpan = labels.mutableSpan
      source.draw(order.span, epoch: epoch, into: &pixelSpan, labels: &labelSpan)
      let after = allocations_of_this_thread()
      // The run time describes the types of spans when a process first needs them.
      #expect(epoch == 0 || after == before, "epoch \(epoch)")
    }
  }

  @Test func chosenImagesAreBalancedAmongThemselves() throws {
    let source = try Self.source([30, 10])
    let some = source.taking(Array(source.indices.prefix(12)))
    let labels = DrawnSamples(some, Self.order(some, epoch: 1), epoch: 1).labels
    #expect(labels.count { $0 == 0 } == 6 && labels.count == 12)
    #expect(some.repeatsSamples && some.sampling == .balanced)
  }

  @Test func imbalanceIsTheLargestClassToTheSmallest() throws {
    let imbalance = try #require(ClassImbalance(counts: [4, 0, 12, 3, 12]))
    #expect(imbalance.largest == 2 && imbalance.largestCount == 12)
    #expect(imbalance.smallest == 3 && imbalance.smallestCount == 3)
    #expect(imbalance.ratio == 4 && imbalance.isConsiderable)
    #expect(ClassImbalance(counts: [5, 2])?.isConsiderable == false)
    #expect(ClassImbalance(counts: [6, 2])?.isConsiderable == true)
    #expect(ClassImbalance(counts: [0, 7]) == nil && ClassImbalance(counts: []) == nil)
  }
}
