extension Photograph {
  /// Whether a file begins like one that can be decoded.
  package static func isPicture(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: PNGDecoder.signature) || bytes.starts(with: JPEGDecoder.signature)
  }

  /// Decodes a PNG or JPEG file and turns it the way it is meant to be seen.
  ///
  /// - Throws: a `PhotographError`; nothing of a picture's size is allocated before the size has been checked.
  package init(decoding bytes: [UInt8]) throws(PhotographError) {
    let stored: Photograph
    if bytes.starts(with: PNGDecoder.signature) {
      stored = try PNGDecoder.photograph(bytes)
    } else if bytes.starts(with: JPEGDecoder.signature) {
      stored = try JPEGDecoder.photograph(bytes)
    } else {
      throw .unknownFormat
    }
    self = stored.turned(ExifReader.orientation(bytes))
  }
}
