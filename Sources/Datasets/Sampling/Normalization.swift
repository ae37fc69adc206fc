internal import Support

/// How pixel values become numbers for a network: x = (pixel / 255 − mean) / deviation, per channel.
public struct Normalization: Codable, Hashable, Sendable {
  /// The mean of each channel, in 0…1.
  public let mean: [Double]

  /// The standard deviation of each channel, in 0…1.
  public let deviation: [Double]

  /// Makes a normalization.
  ///
  /// - Precondition: as many means as deviations, at least one, all finite, the deviations above zero.
  public init(mean: [Double], deviation: [Double]) {
    require(
      mean.count == deviation.count && !mean.isEmpty,
      "Normalization: \(mean.count) means and \(deviation.count) deviations; every channel needs one of each.")
    require(
      mean.allSatisfy(\.isFinite) && deviation.allSatisfy { $0.isFinite && $0 > 0 },
      "Normalization: means \(mean) must be finite and deviations \(deviation) finite and above 0.")
    self.mean = mean
    self.deviation = deviation
  }

  /// The mean and deviation of Fashion-MNIST's training images, to five digits.
  public static let fashionMNIST = Normalization(mean: [0.28604], deviation: [0.35302])

  private enum CodingKeys: String, CodingKey {
    case mean, deviation
  }

  /// Decodes and checks a normalization: what a file says is refused, not trusted.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let mean = try container.decode([Double].self, forKey: .mean)
    let deviation = try container.decode([Double].self, forKey: .deviation)
    guard mean.count == deviation.count, !mean.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: .deviation, in: container,
        debugDescription: "expected one deviation per mean and at least one, found \(mean.count) and \(deviation.count)"
      )
    }
    guard mean.allSatisfy(\.isFinite), deviation.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .deviation, in: container,
        debugDescription: "expected finite means and deviations above 0, found \(mean) and \(deviation)")
    }
    self.init(mean: mean, deviation: deviation)
  }
}
