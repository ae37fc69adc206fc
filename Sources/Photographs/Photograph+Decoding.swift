extension Photograph {
  /// Decodes a file.
  ///
  /// - Throws: a `PhotographError`; nothing of a picture's size is allocated before the size has been checked.
  package init(decoding bytes: [UInt8]) throws(PhotographError) {
    guard bytes.starts(with: PNGDecoder.signature) else { throw .unknownFormat }
    self = try PNGDecoder.photograph(bytes)
  }
}
