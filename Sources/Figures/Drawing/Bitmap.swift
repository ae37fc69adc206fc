internal import Support

/// A picture of pixels, gray or in color.
package struct Bitmap: Hashable, Sendable {
  /// Pixels in a row.
  package let width: Int
  /// Rows.
  package let height: Int
  /// Values per pixel: 1 for gray, 3 for red, green and blue.
  package let channels: Int
  /// The values, `[height][width][channels]`, 0…255.
  package let pixels: [UInt8]

  /// Makes a picture.
  ///
  /// - Precondition: Both sizes are positive, channels are 1 or 3, and the count of pixels matches.
  package init(width: Int, height: Int, channels: Int = 1, pixels: some Sequence<UInt8>) {
    let pixels = Array(pixels)
    require(
      width > 0 && height > 0 && (channels == 1 || channels == 3) && pixels.count == width * height * channels,
      "Bitmap: found \(pixels.count) values for \(width) × \(height) pixels of \(channels) channels")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// Makes a gray picture of numbers, from black for the smallest to white for the largest; all gray if they are the
  /// same.
  ///
  /// - Parameters:
  ///   - values: `[height][width]`.
  ///   - range: The numbers for black and white; nil for the range of the values.
  package init(width: Int, height: Int, values: some Collection<Float>, range: ClosedRange<Float>? = nil) {
    let finite = values.lazy.filter(\.isFinite)
    let low = range?.lowerBound ?? finite.min() ?? 0
    let high = range?.upperBound ?? finite.max() ?? 0
    self.init(
      width: width, height: height,
      pixels: values.map { value in
        guard high > low else { return 128 }
        guard !value.isNaN else { return 0 }
        return UInt8((min(1, max(0, (value - low) / (high - low))) * 255).rounded())
      })
  }

  /// The pixel at a column and a row.
  package func color(column: Int, row: Int) -> Color {
    let first = (row * width + column) * channels
    if channels == 1 { return Color(red: pixels[first], green: pixels[first], blue: pixels[first]) }
    return Color(red: pixels[first], green: pixels[first + 1], blue: pixels[first + 2])
  }
}
