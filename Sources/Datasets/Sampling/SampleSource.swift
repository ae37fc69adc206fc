public import Samples
internal import Support

/// Samples for a network: images of a set, normalized and, for training, augmented.
///
/// Samples are numbered from 0 in the order of `indices`. A sample depends only on the arguments, so any number of
/// threads may draw at once, in any order.
public struct SampleSource: SampleProvider, SampleDescription {
  /// The images that samples are drawn from.
  public let set: ImageSet

  /// The index of each sample's image in the set; an epoch visits each once.
  public private(set) var indices: [Int32]

  /// How pixels become numbers.
  public let normalization: Normalization

  /// The random changes of each sample in each epoch.
  public private(set) var augmentation: Augmentation

  /// Which samples an epoch consists of.
  public private(set) var sampling: Sampling

  private let seed: UInt64
  private var table: NormalizationTable
  private var augmenter: Augmenter
  private var mixer: SampleMixer
  /// Memory for the samples that others are mixed with; nil if samples are not mixed.
  private var scratch: ImageScratch?
  private var epochOrder: EpochOrder
  /// The epochs of balanced sampling; nil if each visits every sample once.
  private var balance: ClassBalance?

  /// Makes a source.
  ///
  /// - Parameters:
  ///   - set: the images.
  ///   - indices: the images that belong to the source; all of the set's by default.
  ///   - normalization: one mean and deviation for all channels of the images, or one for each; its scale is above 0.
  ///   - augmentation: the random changes; none by default.
  ///   - isShuffled: whether each epoch visits the samples in a different random order.
  ///   - sampling: which samples an epoch consists of; each once by default.
  ///   - seed: the run's seed.
  /// - Throws: `SettingError` if the augmentation does not suit the images' size.
  /// - Precondition: the normalization fits the images' channels; the indices are in 0 ..< `set.count`; balanced samples are shuffled.
  public init(
    _ set: ImageSet, indices: [Int32]? = nil, normalization: Normalization, augmentation: Augmentation = .none,
    isShuffled: Bool = false, sampling: Sampling = .once, seed: UInt64
  ) throws(SettingError) {
    try augmentation.check(for: set.shape)
    self.set = set
    self.indices = indices ?? set.allIndices
    self.normalization = normalization
    self.augmentation = augmentation
    self.sampling = sampling
    self.seed = seed
    table = NormalizationTable(normalization, channels: set.shape.channels)
    augmenter = Augmenter(augmentation, seed: seed)
    mixer = SampleMixer(augmentation, seed: seed)
    scratch = mixer.mixes ? ImageScratch(size: set.shape.count) : nil
    epochOrder = EpochOrder(seed: seed, isShuffled: isShuffled)
    requireIndices()
    balance = makeBalance()
  }

  /// The number of samples.
  public var count: Int { indices.count }

  /// The shape of a sample.
  public var shape: Shape { self.set.shape }

  /// The classes, in the order of their labels.
  public var classNames: [String] { self.set.classNames }

  /// Writes the order of an epoch, shuffled for each epoch or in the order of the samples. Balanced sampling writes a sample as often as the epoch uses it; if
  /// samples change at random, later uses have numbers from `count` on, which `draw` takes. Allocates nothing.
  ///
  /// - Precondition: `order` holds exactly `count` numbers.
  public func order(epoch: Int, into order: inout MutableSpan<Int32>) {
    require(order.count == count, "SampleSource.order: expected \(count) elements, found \(order.count).")
    guard let balance else { return epochOrder.write(epoch: epoch, into: &order) }
    balance.write(epoch: epoch, numbersRepeats: !isSameInEveryEpoch, into: &order)
    epochOrder.shuffle(&order, epoch: epoch)
  }

  /// The index in the set of the image that a number in an epoch's order stands for.
  package func image(ofNumber number: Int) -> Int { Int(indices[use(number).sample]) }

  /// The sample that a number stands for.
  private func use(_ number: Int) -> ClassBalance.Use {
    balance?.use(number) ?? ClassBalance.Use(sample: number, earlier: 0)
  }

  /// One more than the largest number that `draw` takes.
  private var numberCount: Int { balance?.numberCount ?? count }

  /// Whether an epoch may use a sample several times: if classes are drawn equally often.
  public var repeatsSamples: Bool { balance != nil }

  /// Draws samples: `samples` [N] → `inputs` [N, H, W, C], `labels` [N]. Allocates nothing.
  ///
  /// The random changes depend on the image, not on its number in this source: they stay the same if other images are
  /// removed.
  ///
  /// - Parameters:
  ///   - samples: numbers of samples, or of an epoch's order, in any sequence, repeats allowed.
  ///   - epoch: the epoch, which the random changes depend on.
  ///   - inputs: receives (pixel · scale − mean) / deviation.
  ///   - labels: receives the classes; of mixed samples, that of the larger part.
  /// - Precondition: `inputs` holds exactly N images and `labels` exactly N labels; the samples are in 0 ..< `count`.
  public func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    let size = set.shape.count
    require(
      inputs.count == samples.count * size && labels.count == samples.count,
      "SampleSource.draw: \(samples.count) samples need \(samples.count * size) pixels and as many labels, found \(inputs.count) and \(labels.count)."
    )
    for place in 0..<samples.count {
      let sample = Int(samples[place])
      require(
        sample >= 0 && sample < numberCount, "SampleSource.draw: sample \(sample) is outside 0..<\(numberCount).")
      var output = inputs.part((place * size)..<((place + 1) * size))
      labels[place] = writeMixed(sample, epoch: epoch, into: &output)
    }
  }

  /// Whether nothing changes the images at random.
  public var isSameInEveryEpoch: Bool { augmentation == .none }

  /// Whether samples are mixed with others, by mixup or cutmix.
  public var isMixed: Bool { scratch != nil }

  /// Writes the second classes of mixed samples and their weights in the loss: `samples` [N] → `labels` [N], `weights` [N]. Allocates nothing.
  ///
  /// - Precondition: the three have the same count; the samples are in 0 ..< `count`.
  public func mixedLabels(
    of samples: Span<Int32>, epoch: Int, into labels: inout MutableSpan<Int32>, weights: inout MutableSpan<Float>
  ) {
    require(
      labels.count == samples.count && weights.count == samples.count,
      "SampleSource.mixedLabels: \(samples.count) samples need as many labels and weights, found \(labels.count) and \(weights.count)."
    )
    for place in 0..<samples.count {
      let sample = Int(samples[place])
      labels[place] = label(of: sample)
      weights[place] = 0
      guard let mix = mix(of: sample, epoch: epoch) else { continue }
      labels[place] = mix.classes(own: labels[place], partner: label(of: mix.partner)).smaller
      weights[place] = mix.smallerWeight
    }
  }

  private func label(of number: Int) -> Int32 { Int32(set.labels[image(ofNumber: number)]) }

  /// The mix of a sample; nil if samples are not mixed.
  private func mix(of number: Int, epoch: Int) -> SampleMix? {
    guard isMixed else { return nil }
    let use = use(number)
    var mix = mixer.mix(
      epoch: use.virtualEpoch(epoch), index: Int(indices[use.sample]), count: count, shape: shape)
    if let balance { mix.partner = balance.sample(at: mix.partner, epoch: epoch) }
    return mix
  }

  /// Writes a sample, changed and mixed, and returns its class: that of the larger part.
  private func writeMixed(_ sample: Int, epoch: Int, into output: inout MutableSpan<Float>) -> Int32 {
    write(sample, epoch: epoch, into: &output)
    let own = label(of: sample)
    guard let scratch, let mix = mix(of: sample, epoch: epoch) else { return own }
    var memory = scratch.take()
    var partner = memory.mutableSpan
    write(mix.partner, epoch: epoch, into: &partner)
    mix.add(partner.span, to: &output, shape: shape)
    scratch.give(memory)
    return mix.classes(own: own, partner: label(of: mix.partner)).larger
  }

  /// Writes a sample, changed but not mixed.
  private func write(_ number: Int, epoch: Int, into output: inout MutableSpan<Float>) {
    let use = use(number)
    let index = Int(indices[use.sample])
    let image = set.image(at: index)
    if augmentation != .none {
      augmenter.write(
        image, epoch: use.virtualEpoch(epoch), index: index, shape: shape, table: table, into: &output)
    } else {
      table.apply(to: image, into: &output)
    }
  }

  /// The same samples, changed at random in each epoch.
  ///
  /// - Parameter changes: The changes, which replace earlier ones: `.flip`, `.shift(2)`, `.erase`.
  /// - Precondition: the changes suit the images, as `Augmentation.check(for:)` finds.
  public func augmented(_ changes: Augmentation...) -> SampleSource {
    var source = self
    source.augmentation = changes.reduce(.none) { $0.combined(with: $1) }
    do throws(SettingError) {
      try source.augmentation.check(for: shape)
    } catch {
      require(false, "SampleSource.augmented: \(error)")
    }
    source.augmenter = Augmenter(source.augmentation, seed: seed)
    source.mixer = SampleMixer(source.augmentation, seed: seed)
    source.scratch = source.mixer.mixes ? ImageScratch(size: shape.count) : nil
    return source
  }

  /// The images of samples as `draw` changes them in an epoch, as bytes: `samples` [N] → [N, H, W, C].
  ///
  /// - Precondition: the samples are in 0 ..< `count`.
  package func pixels(of samples: [Int32], epoch: Int) -> [UInt8] {
    var source = self
    source.table = NormalizationTable(Normalization(scale: 1, mean: [0], deviation: [1]), channels: shape.channels)
    var inputs = [Float](repeating: 0, count: samples.count * shape.count)
    var labels = [Int32](repeating: 0, count: samples.count)
    var inputSpan = inputs.mutableSpan
    var labelSpan = labels.mutableSpan
    source.draw(samples.span, epoch: epoch, into: &inputSpan, labels: &labelSpan)
    return inputs.map { UInt8($0.rounded()) }
  }

  /// The first samples, without changes.
  package func unchanged(first count: Int) -> SampleSource {
    taking(Array(indices.prefix(count))).augmented()
  }

  /// Other images of the same set, drawn in the same way; repeats are allowed.
  ///
  /// - Precondition: the indices are in 0 ..< `set.count`.
  package func taking(_ indices: [Int32]) -> SampleSource {
    var source = self
    source.indices = indices
    source.requireIndices()
    source.balance = source.makeBalance()
    return source
  }

  private func makeBalance() -> ClassBalance? {
    guard sampling == .balanced else { return nil }
    require(epochOrder.isShuffled, "SampleSource: balanced samples must be shuffled")
    return ClassBalance(
      labels: indices.map { Int32(set.labels[Int($0)]) }, classes: set.classCount, seed: seed)
  }

  private func requireIndices() {
    require(
      indices.allSatisfy { $0 >= 0 && $0 < set.count },
      "SampleSource: an index is outside 0..<\(set.count); the smallest is \(indices.min() ?? 0), the largest \(indices.max() ?? 0)."
    )
  }
}
