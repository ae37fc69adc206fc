internal import Support

/// A decoded picture: colors with transparency, upright.
package struct Photograph: Hashable, Sendable {
  /// Pixels in a row.
  package let width: Int
  /// Rows.
  package let height: Int
  /// Red, green, blue and opacity, `[height][width][4]`, 0…255; the colors are not multiplied by the opacity.
  package let pixels: [UInt8]
  /// Problems of the file that do not affect the pixels, in the words of the library that read it.
  package let warnings: [String]

  /// The limits of a side and of all pixels, which take 256 MiB.
  package static let largestExtent = 32_768
  package static let largestArea = 1 << 26
  /// The largest accepted file in bytes.
  package static let largestFile = 1 << 28

  /// Makes a picture.
  ///
  /// - Precondition: Both sizes are positive, and there are four values per pixel.
  package init(width: Int, height: Int, pixels: [UInt8], warnings: [String] = []) {
    require(
      width > 0 && height > 0 && pixels.count == width * height * 4,
      "Photograph: found \(pixels.count) values for \(width) × \(height) pixels")
    self.width = width
    self.height = height
    self.pixels = pixels
    self.warnings = warnings
  }

  /// Rejects a size that is too large, before memory is allocated for it.
  static func check(width: Int, height: Int) throws(PhotographError) {
    guard width > 0, height > 0 else { throw .broken("its size is \(width) × \(height) pixels") }
    guard width <= largestExtent, height <= largestExtent, width * height <= largestArea else {
      throw .tooLarge(width: width, height: height)
    }
  }
}
