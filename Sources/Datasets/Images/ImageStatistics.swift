internal import Samples

/// Counts per class, and mean and standard deviation of the pixels in 0…1, exact up to the final rounding.
public struct ImageStatistics: Hashable, Sendable {
  /// The number of images of each class, in the order of the labels.
  public let classCounts: [Int]

  /// The mean and deviation over all channels.
  public let overall: Moments

  /// The mean and deviation of each channel.
  public let channels: [Moments]

  /// How often each of the values 0…255 occurs, over all channels.
  public let histogram: [Int]

  /// A mean and a population standard deviation, in 0…1.
  public struct Moments: Hashable, Sendable {
    /// The mean.
    public let mean: Double

    /// The population standard deviation: √(mean of squares − square of mean).
    public let deviation: Double

    /// The moments of pixel values, from the 256 counts of their occurrences.
    init(histogram: some Collection<Int>) {
      var count = 0
      var sum = 0
      for (value, occurrences) in histogram.enumerated() {
        count += occurrences
        sum += value * occurrences
      }
      let mean = Double(sum) / Double(max(count, 1))
      // Computed around the mean, so that large squares do not cancel.
      let squares = histogram.enumerated().reduce(0.0) { partial, bin in
        partial + (Double(bin.offset) - mean) * (Double(bin.offset) - mean) * Double(bin.element)
      }
      self.mean = mean / 255
      self.deviation = (squares / Double(max(count, 1))).squareRoot() / 255
    }
  }
}

extension ImageSet {
  /// Counts the classes and the 256 pixel values. Takes one pass over the images; both moments are 0 for an empty set.
  public var statistics: ImageStatistics {
    var classCounts = [Int](repeating: 0, count: classCount)
    for label in labels {
      classCounts[Int(label)] += 1
    }
    let counts = PixelHistogram(of: self)
    let histograms = (0..<shape.channels).map { Array(counts[channel: $0]) }
    let all = (0..<256).map { value in histograms.reduce(0) { $0 + $1[value] } }
    return ImageStatistics(
      classCounts: classCounts, overall: ImageStatistics.Moments(histogram: all),
      channels: histograms.map { ImageStatistics.Moments(histogram: $0) }, histogram: all)
  }
}
