internal import Support

/// How pixels become numbers for a network: `(pixel · scale − mean) / deviation`, by channel.
///
/// A data set applies it, and a model records it with its weights.
public struct Normalization: Hashable, Sendable {
  /// The factor of the byte, usually 1/255.
  public var scale: Double
  /// Subtracted after scaling: one value for all channels, or one per channel.
  public var mean: [Double]
  /// The divisor of the difference: one value for all channels, or one per channel.
  public var deviation: [Double]

  /// Makes a normalization.
  ///
  /// - Precondition: at least one mean and one deviation; all numbers finite, the deviations above 0.
  public init(scale: Double = 1.0 / 255, mean: [Double], deviation: [Double]) {
    self.scale = scale
    self.mean = mean
    self.deviation = deviation
    let problem = problem.map { "\($0.key.stringValue) \($0.reason)" }
    require(problem == nil, "Normalization: \(problem ?? "")")
  }

  /// The mean of each of `channels` channels.
  public func means(channels: Int) -> [Float] { Self.expand(mean, channels).map { Float($0) } }

  /// The deviation of each of `channels` channels.
  public func deviations(channels: Int) -> [Float] { Self.expand(deviation, channels).map { Float($0) } }

  /// Whether it has one mean and deviation for all channels, or one for each of `channels`.
  public func fits(channels: Int) -> Bool {
    [mean, deviation].allSatisfy { [1, channels].contains($0.count) }
  }

  /// The mean and deviation of each of `channels` channels for pixels already divided by 255; the scale must not be 0.
  package func ofUnitPixels(channels: Int) -> (mean: [Double], deviation: [Double]) {
    // (pixel · scale − mean) / deviation, with numerator and denominator divided by the same.
    let factor = scale * 255
    return (
      Self.expand(mean, channels).map { $0 / factor }, Self.expand(deviation, channels).map { $0 / factor }
    )
  }

  private static func expand(_ values: [Double], _ channels: Int) -> [Double] {
    values.count == 1 ? Array(repeating: values[0], count: channels) : values
  }
}

extension Normalization: Codable {
  enum CodingKeys: CodingKey, CaseIterable {
    case scale, mean, deviation
  }

  /// Reads and checks the object; all three keys are required.
  public init(from decoder: any Decoder) throws {
    try decoder.rejectUnknownKeys(CodingKeys.allCases.map(\.stringValue), of: "a preprocessing", listed: "its settings")
    let container = try decoder.container(keyedBy: CodingKeys.self)
    scale = try container.decode(Double.self, forKey: .scale)
    mean = try container.decode([Double].self, forKey: .mean)
    deviation = try container.decode([Double].self, forKey: .deviation)
    if let problem {
      throw DecodingError.dataCorruptedError(forKey: problem.key, in: container, debugDescription: problem.reason)
    }
  }

  /// The problem of the numbers themselves; nil if they are valid.
  private var problem: (key: CodingKeys, reason: String)? {
    if !scale.isFinite { return (.scale, "must be finite, found \(scale)") }
    if mean.isEmpty { return (.mean, "needs at least one value") }
    if !mean.allSatisfy(\.isFinite) { return (.mean, "must be finite, found \(mean)") }
    if deviation.isEmpty { return (.deviation, "needs at least one value") }
    if !deviation.allSatisfy({ $0 > 0 && $0.isFinite }) {
      return (.deviation, "must be positive, found \(deviation)")
    }
    return nil
  }

  /// The problem for `channels` channels; nil if it fits.
  package func problem(channels: Int) -> String? {
    for (name, values) in [("mean", mean), ("deviation", deviation)] where ![1, channels].contains(values.count) {
      return "preprocessing.\(name) needs 1 or \(channels) values, found \(values.count)"
    }
    return problem.map { "preprocessing.\($0.key.stringValue) \($0.reason)" }
  }
}
