internal import Samples

/// A change of the pixels' values, from 0 to 255, that leaves them where they are.
enum ToneChange: Hashable, Sendable {
  /// Each value times a factor.
  case brightness(Float)
  /// The distance from the image's mean gray, times a factor.
  case contrast(Float)
  /// The distance from the pixel's own gray, times a factor; for images of three channels.
  case saturation(Float)
  /// Only the highest bits of each value, which is rounded first.
  case posterize(bits: Int)
  /// Values of at least a threshold are negated.
  case solarize(from: Float)

  /// Changes an image [H, W, C].
  func apply(to image: inout MutableSpan<Float>, channels: Int) {
    switch self {
    case .brightness(let factor):
      for index in image.indices { image[index] = Self.clamped(image[index] * factor) }
    case .contrast(let factor):
      let mean = Self.meanGray(image.span, channels: channels)
      for index in image.indices { image[index] = Self.clamped(mean + (image[index] - mean) * factor) }
    case .saturation(let factor):
      for first in stride(from: 0, to: image.count, by: channels) {
        let gray = Self.gray(image.span, at: first, channels: channels)
        for index in first..<first + channels {
          image[index] = Self.clamped(gray + (image[index] - gray) * factor)
        }
      }
    case .posterize(let bits):
      let mask = UInt8.max << UInt8(8 - bits)
      for index in image.indices { image[index] = Float(UInt8(image[index] + 0.5) & mask) }
    case .solarize(let threshold):
      for index in image.indices where image[index] >= threshold { image[index] = 255 - image[index] }
    }
  }

  /// The gray of a pixel: the luma of ITU-R BT.601 for three channels, as picture files have it, otherwise the mean.
  private static func gray(_ image: Span<Float>, at first: Int, channels: Int) -> Float {
    if channels == 3 { return 0.299 * image[first] + 0.587 * image[first + 1] + 0.114 * image[first + 2] }
    var sum: Float = 0
    for channel in 0..<channels { sum += image[first + channel] }
    return sum / Float(channels)
  }

  private static func meanGray(_ image: Span<Float>, channels: Int) -> Float {
    var sum = 0.0
    for first in stride(from: 0, to: image.count, by: channels) {
      sum += Double(gray(image, at: first, channels: channels))
    }
    return Float(sum / Double(image.count / channels))
  }

  private static func clamped(_ value: Float) -> Float { min(255, max(0, value)) }
}
