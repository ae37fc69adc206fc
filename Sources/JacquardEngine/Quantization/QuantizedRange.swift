internal import Support

/// The numbers that the 256 values of a byte stand for: `number = scale · (byte − zeroPoint)`.
public struct QuantizedRange: Hashable, Sendable {
  /// The difference between the numbers of neighboring bytes; positive and finite.
  public let scale: Float
  /// The byte that stands for 0, from 0 to 255.
  public let zeroPoint: Int

  /// The scales that a range may have: products of two of them with a weight's scale stay normal numbers.
  package static let scales: ClosedRange<Float> = 1e-15...1e15

  /// A range from its two numbers; nil if the scale is outside 10⁻¹⁵ to 10¹⁵, or the zero point is not a byte.
  public init?(scale: Float, zeroPoint: Int) {
    guard Self.scales.contains(scale), 0...255 ~= zeroPoint else { return nil }
    self.scale = scale
    self.zeroPoint = zeroPoint
  }

  /// The range that covers 0 and the numbers from `low` to `high`.
  ///
  /// Zero is one of the numbers, so that padding and rectified values are exact. If no number is negative, the largest number of the range is at most
  /// `high`: then the end of the range is a clip at the same value.
  init(covering low: Float, _ high: Float) {
    let (low, high) = (min(low, 0), max(high, 0))
    var scale = min(max((high - low) / 255, Self.scales.lowerBound), Self.scales.upperBound)
    if low == 0 { while scale * 255 > high, scale > Self.scales.lowerBound { scale = scale.nextDown } }
    self.scale = scale
    zeroPoint = Int(min(max((-low / scale).rounded(.toNearestOrEven), 0), 255))
  }

  /// The number of a byte.
  func number(_ byte: UInt8) -> Float { Float(Int(byte) - zeroPoint) * scale }
}
