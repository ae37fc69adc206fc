internal import Support
public import Samples

/// Samples for a network: the images of a set, normalized and, for training, augmented.
///
/// A value without state: what is drawn depends on the arguments alone, so any number of threads may draw at once, in any order.
public struct SampleSource: Sendable {
  /// The images that samples are drawn from.
  public let set: ImageSet

  /// The samples that belong to this source, as indices of the set: an epoch visits each once.
  public let indices: [Int32]

  /// How pixels become numbers.
  public let normalization: Normalization

  /// How samples are changed in each epoch.
  public let augmentation: Augmentation

  private let table: NormalizationTable
  private let augmenter: Augmenter

  /// Makes a source.
  ///
  /// - Parameters:
  ///   - set: the images.
  ///   - indices: the samples that belong to the source; all of the set's by default.
  ///   - normalization: one mean and deviation for all channels of the images, or one for each; its scale is above 0.
  ///   - augmentation: the random changes; none by default.
  ///   - seed: the run's seed.
  /// - Throws: `SettingError` when the augmentation does not suit the images' size.
  /// - Precondition: the normalization fits the images' channels; the indices are in 0 ..< `set.count`.
  public init(
    _ set: ImageSet, indices: [Int32]? = nil, normalization: Normalization, augmentation: Augmentation = .none,
    seed: UInt64
  ) throws(SettingError) {
    let indices = indices ?? set.allIndices
    require(
      indices.allSatisfy { $0 >= 0 && $0 < set.count },
      "SampleSource: an index is outside 0..<\(set.count); the least is \(indices.min() ?? 0), the greatest \(indices.max() ?? 0)."
    )
    try augmentation.check(for: set.shape)
    self.set = set
    self.indices = indices
    self.normalization = normalization
    self.augmentation = augmentation
    table = NormalizationTable(normalization, channels: set.shape.channels)
    augmenter = Augmenter(augmentation, seed: seed)
  }

  /// The number of samples that belong to the source.
  public var count: Int { indices.count }

  /// Draws samples: `samples` [N] → `pixels` [N, H, W, C], `labels` [N]. Allocates nothing.
  ///
  /// - Parameters:
  ///   - samples: indices of the set, in any order, repeats allowed.
  ///   - epoch: the epoch, which the random changes depend on.
  ///   - pixels: receives (pixel / 255 − mean) / deviation.
  ///   - labels: receives the classes.
  /// - Precondition: `pixels` has room for exactly N images and `labels` for exactly N labels; the samples are in 0 ..< `set.count`.
  public func draw(
    _ samples: Span<Int32>, epoch: Int, into pixels: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    draw(samples, into: &pixels, labels: &labels) { sample in
      augmentation == .none ? nil : augmenter.change(epoch: epoch, index: sample, shape: set.shape)
    }
  }

  /// Draws samples, every one changed in the same way: what `draw(_:epoch:into:labels:)` does, without the augmentation.
  package func draw(
    _ samples: Span<Int32>, changedBy change: ImageChange, into pixels: inout MutableSpan<Float>,
    labels: inout MutableSpan<Int32>
  ) {
    let isChanged = change != ImageChange()
    draw(samples, into: &pixels, labels: &labels) { _ in isChanged ? change : nil }
  }

  private func draw(
    _ samples: Span<Int32>, into pixels: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>,
    change: (Int) -> ImageChange?
  ) {
    let size = set.shape.count
    require(
      pixels.count == samples.count * size && labels.count == samples.count,
      "SampleSource.draw: \(samples.count) samples need \(samples.count * size) pixels and as many labels, not \(pixels.count) and \(labels.count)."
    )
    let images = set.images.span
    for place in 0..<samples.count {
      let sample = Int(samples[place])
      require(
        sample >= 0 && sample < set.count, "SampleSource.draw: sample \(sample) is outside 0..<\(set.count).")
      labels[place] = Int32(set.labels[sample])
      let image = images.extracting((sample * size)..<((sample + 1) * size))
      var output = pixels.part((place * size)..<((place + 1) * size))
      if let change = change(sample) {
        change.write(image, shape: set.shape, table: table, into: &output)
      } else {
        table.apply(to: image, into: &output)
      }
    }
  }
}
