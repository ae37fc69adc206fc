/// An entry of a ZIP archive's directory.
package struct ZipEntry: Equatable {
  /// The compression method.
  package enum Method: UInt16 {
    /// Not compressed.
    case stored = 0
    /// By deflate (RFC 1951).
    case deflated = 8
  }

  /// The file's name.
  package let name: String
  package let method: Method
  /// The CRC-32 of its content.
  package let checksum: UInt32
  /// The range of its packed content in the archive.
  package let range: Range<Int>
  /// The bytes of its content.
  package let byteCount: Int
}
