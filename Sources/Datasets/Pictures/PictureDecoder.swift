internal import Support

/// Decodes picture files for a data set: `photographs`, or a decoder for other formats.
public struct PictureDecoder: Sendable {
  /// An identity: decoders that make different images of the same files have different ones.
  public let name: String

  /// The file extensions of pictures, in lower case, such as ".png".
  public let endings: [String]

  /// Decodes a file, and resizes the picture if a size is given.
  public let decode: @Sendable ([UInt8], PictureSize?) throws(PictureRefusal) -> DecodedPicture

  /// Makes a decoder from a function.
  public init(
    name: String = "", endings: [String],
    decode: @escaping @Sendable ([UInt8], PictureSize?) throws(PictureRefusal) -> DecodedPicture
  ) {
    self.name = name
    self.endings = endings
    self.decode = decode
  }
}

/// A decoded picture.
public struct DecodedPicture: Hashable, Sendable {
  /// Rows.
  public let height: Int
  /// Pixels in a row.
  public let width: Int
  /// Red, green and blue, `[height][width][3]`.
  public let pixels: [UInt8]
  /// Problems of the file that do not affect the pixels.
  public let warnings: [String]

  /// Makes a picture.
  ///
  /// - Precondition: both extents are positive, and there are three values per pixel.
  public init(height: Int, width: Int, pixels: [UInt8], warnings: [String] = []) {
    require(
      height > 0 && width > 0 && pixels.count == height * width * 3,
      "DecodedPicture: found \(pixels.count) values for \(height) × \(width) pixels.")
    self.height = height
    self.width = width
    self.pixels = pixels
    self.warnings = warnings
  }

  /// The picture gray or in color, `[height][width][channels]`.
  ///
  /// - Precondition: `channels` is 1 or 3.
  public func values(channels: Int) -> [UInt8] {
    require(channels == 1 || channels == 3, "DecodedPicture: pictures have 1 or 3 channels, not \(channels).")
    return channels == 3 ? pixels : gray
  }

  /// The brightness of each pixel: 0.2126 red + 0.7152 green + 0.0722 blue, rounded (ITU-R BT.709).
  var gray: [UInt8] {
    let pixels = pixels.span
    var gray: [UInt8] = []
    gray.reserveCapacity(height * width)
    for first in stride(from: 0, to: pixels.count, by: 3) {
      let sum = 2126 * Int(pixels[first]) + 7152 * Int(pixels[first + 1]) + 722 * Int(pixels[first + 2])
      gray.append(UInt8((sum + 5000) / 10_000))
    }
    return gray
  }

  /// Whether red, green and blue are the same everywhere.
  var isGray: Bool {
    let pixels = pixels.span
    for first in stride(from: 0, to: pixels.count, by: 3)
    where pixels[first] != pixels[first + 1] || pixels[first] != pixels[first + 2] { return false }
    return true
  }
}

/// Why a file is not a usable picture.
public struct PictureRefusal: Error, Hashable, Sendable {
  /// What is wrong, expected and found, and what to do about it; it follows the file's name.
  public let reason: String

  /// Makes an error.
  public init(reason: String) { self.reason = reason }
}
