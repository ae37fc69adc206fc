internal import Photographs

/// Pictures.
enum PictureFiles {
  static func readPNG(_ bytes: [UInt8]) {
    read(bytes, signature: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
  }

  static func readJPEG(_ bytes: [UInt8]) {
    read(bytes, signature: [0xFF, 0xD8, 0xFF])
  }

  static func readWebP(_ bytes: [UInt8]) {
    // A fuzzer rarely finds the length in the first eight bytes.
    let length = UInt32(truncatingIfNeeded: bytes.count + 4)
    let digits = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    let isWhole = bytes.starts(with: Array("RIFF".utf8)) && bytes.count > 12
    read(isWhole ? bytes : Array("RIFF".utf8) + digits + Array("WEBP".utf8) + bytes, signature: Array("RIFF".utf8))
  }

  static func readGIF(_ bytes: [UInt8]) {
    read(bytes, signature: Array("GIF89a".utf8))
  }

  static func readBMP(_ bytes: [UInt8]) {
    read(bytes, signature: Array("BM".utf8))
  }

  /// The bytes after those that identify the format, so that the fuzzer need not find them.
  private static func read(_ bytes: [UInt8], signature: [UInt8]) {
    guard let picture = try? Photograph(decoding: bytes.starts(with: signature) ? bytes : signature + bytes) else {
      return
    }
    precondition(picture.pixels.count == picture.width * picture.height * 4)
    if let prepared = try? picture.prepared(width: 28, height: 28) { precondition(prepared.count == 28 * 28) }
  }
}
