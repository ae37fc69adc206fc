/// What the directory of a ZIP archive says about one of its files.
package struct ZipEntry: Equatable {
  /// How content is packed.
  package enum Method: UInt16 {
    /// As it is.
    case stored = 0
    /// By deflate (RFC 1951).
    case deflated = 8
  }

  /// The file's name.
  package let name: String
  package let method: Method
  /// The CRC-32 of its content.
  package let checksum: UInt32
  /// Where its packed content lies in the archive.
  package let range: Range<Int>
  /// The bytes of its content.
  package let byteCount: Int
}
