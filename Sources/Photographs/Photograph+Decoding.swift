internal import Support

extension Photograph {
  /// How many bytes are needed to recognize a file's format.
  package static let beginningByteCount = 18

  /// Whether a file begins like one of a supported format.
  package static func isPicture(_ bytes: some Collection<UInt8>) -> Bool { PictureFormat(bytes) != nil }

  /// Decodes a file, or the first of its pictures, and rotates it upright.
  ///
  /// The content decides the format, not the name.
  ///
  /// - Throws: a `PhotographError`. The size is checked before memory is allocated for the picture.
  package init(decoding bytes: [UInt8]) throws(PhotographError) {
    let stored: Photograph =
      switch PictureFormat(bytes) {
      case .png: try PNGDecoder.photograph(bytes)
      case .jpeg: try JPEGDecoder.photograph(bytes)
      case .webp: try WebPDecoder.photograph(bytes)
      case .gif: try GIFDecoder.photograph(bytes)
      case .bmp: try BMPDecoder.photograph(bytes)
      case nil: throw .unknownFormat(found: ContentGuess.describe(bytes) ?? "something else")
      }
    self = stored.turned(ExifReader.orientation(bytes))
  }
}
