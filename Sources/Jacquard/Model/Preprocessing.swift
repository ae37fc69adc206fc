internal import Support

/// What happens to a pixel before the network sees it: `(pixel · scale − mean) / deviation`, by channel.
///
/// It is part of a model and recorded with its weights.
public struct Preprocessing: Hashable, Sendable, Codable {
  /// Multiplies the byte, usually 1/255.
  public var scale: Double
  /// Subtracted after scaling: one for all channels, or one for each.
  public var mean: [Double]
  /// Divides the rest: one for all channels, or one for each.
  public var deviation: [Double]

  /// A preprocessing; the deviations must be positive.
  public init(scale: Double = 1.0 / 255, mean: [Double], deviation: [Double]) {
    require(deviation.allSatisfy { $0 > 0 }, "Preprocessing: deviations must be positive, found \(deviation)")
    self.scale = scale
    self.mean = mean
    self.deviation = deviation
  }

  /// The mean and standard deviation of Fashion-MNIST's training images.
  public static let fashionMNIST = Preprocessing(mean: [0.28604], deviation: [0.35302])

  /// The mean of each of `channels` channels.
  public func means(channels: Int) -> [Float] { expand(mean, channels) }

  /// The deviation of each of `channels` channels.
  public func deviations(channels: Int) -> [Float] { expand(deviation, channels) }

  /// What each of `channels` channels needs where pixels are divided by 255 already; nil unless the scale is positive, as the deviation
  /// would be turned around.
  package func ofUnitPixels(channels: Int) -> (mean: [Double], deviation: [Double])? {
    guard scale > 0 else { return nil }
    // (pixel · scale − mean) / deviation, with numerator and denominator divided by the same.
    let factor = scale * 255
    func expanded(_ values: [Double]) -> [Double] {
      values.count == 1 ? Array(repeating: values[0] / factor, count: channels) : values.map { $0 / factor }
    }
    return (expanded(mean), expanded(deviation))
  }

  private func expand(_ values: [Double], _ channels: Int) -> [Float] {
    values.count == 1 ? Array(repeating: Float(values[0]), count: channels) : values.map { Float($0) }
  }

  enum CodingKeys: CodingKey, CaseIterable {
    case scale, mean, deviation
  }

  /// Reads the object; all three keys must be there.
  public init(from decoder: any Decoder) throws {
    try decoder.rejectUnknownKeys(CodingKeys.allCases.map(\.stringValue), of: "a preprocessing", listed: "its settings")
    let container = try decoder.container(keyedBy: CodingKeys.self)
    scale = try container.decode(Double.self, forKey: .scale)
    mean = try container.decode([Double].self, forKey: .mean)
    deviation = try container.decode([Double].self, forKey: .deviation)
  }

  func problem(channels: Int) -> String? {
    for (name, values) in [("mean", mean), ("deviation", deviation)] where ![1, channels].contains(values.count) {
      return "preprocessing.\(name) needs 1 or \(channels) values, found \(values.count)"
    }
    guard deviation.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      return "preprocessing.deviation must be positive, found \(deviation)"
    }
    guard (mean + [scale]).allSatisfy(\.isFinite) else { return "preprocessing must be finite" }
    return nil
  }
}
