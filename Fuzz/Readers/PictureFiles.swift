internal import Photographs

/// Pictures.
enum PictureFiles {
  static func readPNG(_ bytes: [UInt8]) {
    read(bytes, signature: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
  }

  static func readJPEG(_ bytes: [UInt8]) {
    read(bytes, signature: [0xFF, 0xD8, 0xFF])
  }

  /// Bytes behind those that tell the format, so that nothing is spent on finding them.
  private static func read(_ bytes: [UInt8], signature: [UInt8]) {
    guard let picture = try? Photograph(decoding: bytes.starts(with: signature) ? bytes : signature + bytes) else {
      return
    }
    precondition(picture.pixels.count == picture.width * picture.height * 4)
    if let prepared = try? picture.prepared(width: 28, height: 28) { precondition(prepared.count == 28 * 28) }
  }
}
