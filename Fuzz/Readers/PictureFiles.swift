internal import Photographs

/// Pictures.
enum PictureFiles {
  static func readPNG(_ bytes: [UInt8]) {
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    guard let picture = try? Photograph(decoding: bytes.starts(with: signature) ? bytes : signature + bytes) else {
      return
    }
    precondition(picture.pixels.count == picture.width * picture.height * 4)
  }
}
