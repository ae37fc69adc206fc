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

  private let seed: UInt64
  private var table: NormalizationTable
  private var augmenter: Augmenter
  private var epochOrder: EpochOrder
  /// A fixed change of every sample, instead of the augmentation.
  private var change: ImageChange?

  /// Makes a source.
  ///
  /// - Parameters:
  ///   - set: the images.
  ///   - indices: the images that belong to the source; all of the set's by default.
  ///   - normalization: one mean and deviation for all channels of the images, or one for each; its scale is above 0.
  ///   - augmentation: the random changes; none by default.
  ///   - isShuffled: whether each epoch visits the samples in a different random order.
  ///   - seed: the run's seed.
  /// - Throws: `SettingError` if the augmentation does not suit the images' size.
  /// - Precondition: the normalization fits the images' channels; the indices are in 0 ..< `set.count`.
  public init(
    _ set: ImageSet, indices: [Int32]? = nil, normalization: Normalization, augmentation: Augmentation = .none,
    isShuffled: Bool = false, seed: UInt64
  ) throws(SettingError) {
    try augmentation.check(for: set.shape)
    self.set = set
    self.indices = indices ?? set.allIndices
    self.normalization = normalization
    self.augmentation = augmentation
    self.seed = seed
    table = NormalizationTable(normalization, channels: set.shape.channels)
    augmenter = Augmenter(augmentation, seed: seed)
    epochOrder = EpochOrder(seed: seed, isShuffled: isShuffled)
    requireIndices()
  }

  /// The number of samples.
  public var count: Int { indices.count }

  /// The shape of a sample.
  public var shape: Shape { self.set.shape }

  /// The classes, in the order of their labels.
  public var classNames: [String] { self.set.classNames }

  /// Writes the order of an epoch, shuffled for each epoch or in the order of the samples. Allocates nothing.
  ///
  /// - Precondition: `order` holds exactly `count` numbers.
  public func order(epoch: Int, into order: inout MutableSpan<Int32>) {
    require(order.count == count, "SampleSource.order: expected \(count) elements, found \(order.count).")
    epochOrder.write(epoch: epoch, into: &order)
  }

  /// Draws samples: `samples` [N] → `inputs` [N, H, W, C], `labels` [N]. Allocates nothing.
  ///
  /// The random changes depend on the image, not on its number in this source: they stay the same if other images are
  /// removed.
  ///
  /// - Parameters:
  ///   - samples: numbers of samples, in any order, repeats allowed.
  ///   - epoch: the epoch, which the random changes depend on.
  ///   - inputs: receives (pixel · scale − mean) / deviation.
  ///   - labels: receives the classes.
  /// - Precondition: `inputs` holds exactly N images and `labels` exactly N labels; the samples are in 0 ..< `count`.
  public func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    let size = set.shape.count
    require(
      inputs.count == samples.count * size && labels.count == samples.count,
      "SampleSource.draw: \(samples.count) samples need \(samples.count * size) pixels and as many labels, found \(inputs.count) and \(labels.count)."
    )
    let isChanged = change != nil || augmentation != .none
    for place in 0..<samples.count {
      let sample = Int(samples[place])
      require(sample >= 0 && sample < count, "SampleSource.draw: sample \(sample) is outside 0..<\(count).")
      let index = Int(indices[sample])
      labels[place] = Int32(set.labels[index])
      let image = set.image(at: index)
      var output = inputs.part((place * size)..<((place + 1) * size))
      if isChanged {
        if let change {
          change.write(image, shape: set.shape, table: table, into: &output)
        } else {
          augmenter.write(image, epoch: epoch, index: index, shape: set.shape, table: table, into: &output)
        }
      } else {
        table.apply(to: image, into: &output)
      }
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
    source.change = nil
    return source
  }

  /// The same samples, all with the same change instead of the augmentation.
  package func changed(by change: ImageChange) -> SampleSource {
    var source = self
    source.augmentation = .none
    source.change = change == ImageChange() ? nil : change
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

  /// Other images of the same set, drawn in the same way; repeats are allowed.
  ///
  /// - Precondition: the indices are in 0 ..< `set.count`.
  package func taking(_ indices: [Int32]) -> SampleSource {
    var source = self
    source.indices = indices
    source.requireIndices()
    return source
  }

  private func requireIndices() {
    require(
      indices.allSatisfy { $0 >= 0 && $0 < set.count },
      "SampleSource: an index is outside 0..<\(set.count); the smallest is \(indices.min() ?? 0), the largest \(indices.max() ?? 0)."
    )
  }
}
