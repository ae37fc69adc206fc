/// Guesses the format of an unexpected file from its first bytes.
package enum ContentGuess {
  /// A description for a message, such as "a ZIP archive"; nil if the first bytes match no known format.
  package static func describe(_ bytes: [UInt8]) -> String? {
    if bytes.isEmpty { return "an empty file, 0 bytes" }
    if isNetpbm(bytes) { return "a PBM, PGM or PPM picture" }
    return signatures.first { bytes.dropFirst($0.offset).starts(with: $0.bytes) }?.description
  }

  private static let signatures: [(offset: Int, bytes: [UInt8], description: String)] = [
    (0, Array("PK\u{3}\u{4}".utf8), "a ZIP archive, such as a PyTorch .pt or a NumPy .npz file"),
    (0, [0x80, 0x02], "a Python pickle"),
    (0, [0x1F, 0x8B], "a gzip file"),
    (0, [0x89] + Array("HDF".utf8), "an HDF5 file, such as Keras writes"),
    (0, [0x93] + Array("NUMPY".utf8), "a NumPy .npy file"),
    (0, Array("version https://git-lfs".utf8), "a Git LFS pointer, whose content was never fetched"),
    (4, Array("ftyphei".utf8), "an HEIC picture, such as phones write"),
    (4, Array("ftyphev".utf8), "an HEIC picture, such as phones write"),
    (4, Array("ftypmif1".utf8), "an HEIF picture"),
    (4, Array("ftypavi".utf8), "an AVIF picture"),
    (4, Array("ftyp".utf8), "an MP4 or QuickTime video"),
    (4, Array("JXL \r\n".utf8), "a JPEG XL picture"),
    (0, [0xFF, 0x0A], "a JPEG XL picture"),
    (4, Array("jP  \r\n".utf8), "a JPEG 2000 picture"),
    (0, [0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000 picture"),
    (0, Array("II*\0".utf8), "a TIFF picture"),
    (0, Array("MM\0*".utf8), "a TIFF picture"),
    (0, [0x89] + Array("PNG\r\n".utf8), "a PNG picture"),
    (0, [0xFF, 0xD8, 0xFF], "a JPEG picture"),
    (8, Array("WEBP".utf8), "a WebP picture"),
    (0, Array("GIF8".utf8), "a GIF picture"),
    (0, Array("RIFF".utf8), "a sound or a video in RIFF"),
    (0, Array("8BPS".utf8), "a Photoshop document"),
    (0, Array("%PDF".utf8), "a PDF document"),
    (0, Array("Rar!".utf8), "a RAR archive"),
    (0, Array("7z".utf8) + [0xBC, 0xAF], "a 7-Zip archive"),
    (0, [0xFD] + Array("7zXZ".utf8), "an xz file"),
    (0, [0x00, 0x05, 0x16, 0x07], "an AppleDouble file, which macOS puts beside others on foreign disks"),
    (0, Array("<svg".utf8), "an SVG drawing"),
    (0, Array("<".utf8), "an HTML or XML page, perhaps from a failed download"),
    (0, Array("{".utf8), "a JSON text"),
  ]

  /// "P1" to "P6" and white space.
  private static func isNetpbm(_ bytes: [UInt8]) -> Bool {
    bytes.count > 2 && bytes[0] == UInt8(ascii: "P") && UInt8(ascii: "1")...UInt8(ascii: "6") ~= bytes[1]
      && [0x20, 0x09, 0x0A, 0x0D].contains(bytes[2])
  }
}
