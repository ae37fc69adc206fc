/// What the directory of a ZIP archive says about one of its files.
struct ZipEntry: Equatable {
  /// How content is packed.
  enum Method: UInt16 {
    /// As it is.
    case stored = 0
    /// By deflate (RFC 1951).
    case deflated = 8
  }

  /// The file's name.
  let name: String
  let method: Method
  /// The CRC-32 of its content.
  let checksum: UInt32
  /// Where its packed content lies in the archive.
  let range: Range<Int>
  /// The bytes of its content.
  let byteCount: Int
}
