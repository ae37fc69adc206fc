internal import Randomness
internal import Samples
internal import Support

/// A rectangle of an image.
struct ImageRectangle: Hashable, Sendable {
  var rows: Range<Int>
  var columns: Range<Int>

  /// A rectangle whose center is a random pixel, without the part outside the image.
  static func aroundPixel(
    rows: Int, columns: Int, from generator: inout AddressedGenerator, shape: Shape
  ) -> ImageRectangle {
    let top = generator.integer(below: shape.height) - rows / 2
    let left = generator.integer(below: shape.width) - columns / 2
    return ImageRectangle(
      rows: max(0, top)..<min(shape.height, top + rows), columns: max(0, left)..<min(shape.width, left + columns))
  }

  /// Pixels.
  var area: Int { rows.count * columns.count }

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
