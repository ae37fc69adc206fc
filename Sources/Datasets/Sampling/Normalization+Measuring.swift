internal import Support
public import Samples

extension Normalization {
  /// The normalization for some of a set's images: the known one for images with Fashion-MNIST's shape and classes,
  /// otherwise a measured one.
  ///
  /// - Precondition: at least one image; the indices are in 0 ..< `set.count`.
  public init(suiting set: ImageSet, indices: [Int32]) {
    let isFashionMNIST = set.shape == .fashionMNIST && set.classNames == FashionMNIST.classNames
    self = isFashionMNIST ? .fashionMNIST : Normalization(of: set, indices: indices)
  }

  /// The mean and deviation of each channel of some of a set's images, to five digits; a constant channel has the
  /// deviation 1.
  ///
  /// - Precondition: at least one image; the indices are in 0 ..< `set.count`.
  public init(of set: ImageSet, indices: [Int32]) {
    require(!indices.isEmpty, "Normalization: there are no images to measure.")
    let histogram = PixelHistogram(of: set, indices: indices)
    let moments = (0..<set.shape.channels).map { ImageStatistics.Moments(histogram: histogram[channel: $0]) }
    func short(_ value: Double) -> Double { (value * 1e5).rounded() / 1e5 }
    self.init(
      mean: moments.map { short($0.mean) },
      deviation: moments.map { short($0.deviation) > 0 ? short($0.deviation) : 1 })
  }
}
