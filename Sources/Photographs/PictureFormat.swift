/// The supported formats of pictures.
package enum PictureFormat: CaseIterable, Sendable {
  /// Portable Network Graphics.
  case png
  /// JPEG.
  case jpeg
  /// WebP, lossy or not.
  case webp
  /// The Graphics Interchange Format.
  case gif
  /// Windows' device-independent bitmaps, with or without the header of a file.
  case bmp

  /// The format of a file, from its first 18 bytes; nil for an unknown one.
  package init?(_ bytes: some Collection<UInt8>) {
    guard let format = Self.allCases.first(where: { $0.matches(bytes) }) else { return nil }
    self = format
  }

  /// The file extensions, in lower case.
  package var endings: [String] {
    switch self {
    case .png: [".png", ".apng"]
    case .jpeg: [".jpg", ".jpeg", ".jpe", ".jfif"]
    case .webp: [".webp"]
    case .gif: [".gif"]
    case .bmp: [".bmp", ".dib"]
    }
  }

  /// The names of the formats.
  package static let names = "PNG, JPEG, WebP, GIF or BMP"

  /// The first bytes of a file.
  var signature: [UInt8] {
    switch self {
    case .png: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    case .jpeg: [0xFF, 0xD8, 0xFF]
    case .webp: Array("RIFF".utf8)
    case .gif: Array("GIF8".utf8)
    case .bmp: Array("BM".utf8)
    }
  }

  private func matches(_ bytes: some Collection<UInt8>) -> Bool {
    switch self {
    case .png, .jpeg: return bytes.starts(with: signature)
    case .webp: return bytes.starts(with: signature) && bytes.dropFirst(8).starts(with: "WEBP".utf8)
    case .gif: return bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8)
    case .bmp:
      // Two letters are not enough: the size is followed by four bytes that are always zero.
      if bytes.starts(with: signature) {
        return bytes.dropFirst(14).isEmpty || BMPDecoder.isHeader(bytes.dropFirst(14))
      }
      return BMPDecoder.isHeader(bytes) && bytes.dropFirst(12).starts(with: [1, 0])
    }
  }
}
