internal import Support

/// A normalization computed for each of the 256 pixel values: one lookup replaces two divisions, and a pixel always
/// gives the same bits.
public struct NormalizationTable: Sendable {
  /// The number of channels.
  public let channels: Int

  /// 256 values per channel, channel after channel.
  private let values: [Float]

  /// Computes the table for `channels` channels, in `Double`, rounded once.
  ///
  /// - Precondition: the scale is above 0, and the normalization has one value for all channels, or one for each.
  public init(_ normalization: Normalization, channels: Int) {
    require(
      normalization.scale > 0, "NormalizationTable: the scale must be above 0, found \(normalization.scale).")
    require(
      normalization.fits(channels: channels),
      "NormalizationTable: found \(normalization.mean.count) means and \(normalization.deviation.count) deviations for \(channels) channels."
    )
    self.channels = channels
    let (means, deviations) = normalization.ofUnitPixels(channels: channels)
    values = zip(means, deviations).flatMap { mean, deviation in
      (0..<256).map { Float((Double($0) / 255 - mean) / deviation) }
    }
  }

  /// The normalized value of a pixel in a channel.
  ///
  /// - Precondition: `channel` is in 0 ..< `channels`.
  public func value(of pixel: UInt8, channel: Int) -> Float {
    values[256 * channel + Int(pixel)]
  }

  /// Normalizes pixels: `pixels` [H, W, C] → `output` [H, W, C]; any number of images at once.
  ///
  /// - Precondition: both have the same count, a multiple of `channels`.
  public func apply(to pixels: Span<UInt8>, into output: inout MutableSpan<Float>) {
    let count = pixels.count
    require(
      count == output.count && count % channels == 0,
      "NormalizationTable.apply: found \(count) pixels for \(output.count) numbers; both must be the same multiple of \(channels)."
    )
    let table = values.span
    if channels == 1 {
      // A constant length of 256, so that a byte index needs no bounds check.
      let only = table.extracting(0..<256)
      for index in 0..<count {
        output[index] = only[Int(pixels[index])]
      }
    } else {
      for first in stride(from: 0, to: count, by: channels) {
        for channel in 0..<channels {
          output[first + channel] = table[256 * channel + Int(pixels[first + channel])]
        }
      }
    }
  }

  /// Normalizes a row of pixels in reverse order, each with its channels in order: `pixels` [W, C] → `output` [W, C].
  ///
  /// - Precondition: both have the same count, a multiple of `channels`.
  package func applyMirrored(to pixels: Span<UInt8>, into output: inout MutableSpan<Float>) {
    let count = pixels.count
    require(
      count == output.count && count % channels == 0,
      "NormalizationTable.applyMirrored: found \(count) pixels for \(output.count) numbers; both must be the same multiple of \(channels)."
    )
    let table = values.span
    if channels == 1 {
      let only = table.extracting(0..<256)
      for index in 0..<count {
        output[index] = only[Int(pixels[count - 1 - index])]
      }
    } else {
      for first in stride(from: 0, to: count, by: channels) {
        for channel in 0..<channels {
          output[first + channel] = table[256 * channel + Int(pixels[count - channels - first + channel])]
        }
      }
    }
  }

  /// Replaces numbers from 0 to 255, rounded to pixels, by the pixels' values: `image` [H, W, C].
  ///
  /// - Precondition: the count is a multiple of `channels`.
  package func applyToRounded(_ image: inout MutableSpan<Float>) {
    let table = values.span
    for first in stride(from: 0, to: image.count, by: channels) {
      for channel in 0..<channels {
        image[first + channel] = table[256 * channel + Int(image[first + channel] + 0.5)]
      }
    }
  }

  /// Fills with the value of pixel 0: `image` [H, W, C].
  ///
  /// - Precondition: the count is a multiple of `channels`.
  package func blank(_ image: inout MutableSpan<Float>) {
    if channels == 1 {
      let value = values[0]
      for index in image.indices { image[index] = value }
    } else {
      for first in stride(from: 0, to: image.count, by: channels) {
        for channel in 0..<channels { image[first + channel] = values[256 * channel] }
      }
    }
  }
}
