internal import Support

extension Photograph {
  /// How many bytes of a file tell its format.
  package static let beginningByteCount = 18

  /// Whether a file begins like one that can be decoded.
  package static func isPicture(_ bytes: some Collection<UInt8>) -> Bool { PictureFormat(bytes) != nil }

  /// Decodes a file, the first picture of one with several, and turns it the way it is meant to be seen.
  ///
  /// The bytes decide which format it is, not the name.
  ///
  /// - Throws: a `PhotographError`; nothing of a picture's size is allocated before the size has been checked.
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
