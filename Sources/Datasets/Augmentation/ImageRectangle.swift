internal import Randomness
internal import Samples
internal import Support

/// A rectangle of an image.
struct ImageRectangle: Hashable, Sendable {
  var rows: Range<Int>
  var columns: Range<Int>

  /// A square whose center is a random pixel, without the part outside the image.
  static func square(
    side: Int, from generator: inout AddressedGenerator, height: Int, width: Int
  ) -> ImageRectangle {
    let top = generator.integer(below: height) - side / 2
    let left = generator.integer(below: width) - side / 2
    return ImageRectangle(
      rows: max(0, top)..<min(height, top + side), columns: max(0, left)..<min(width, left + side))
  }

  /// Overwrites the rectangle with the value of pixel 0.
  func blank(_ image: inout MutableSpan<Float>, shape: Shape, table: NormalizationTable) {
    let channels = shape.channels
    for row in rows {
      let first = row * shape.width
      var part = image.part(
        (first + columns.lowerBound) * channels..<(first + columns.upperBound) * channels)
      table.blank(&part)
    }
  }
}
