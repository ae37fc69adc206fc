extension SHA256 {
  /// The SHA-256 of the bytes as 64 lower-case hexadecimal digits, the way `sha256sum` prints it.
  package static func hexadecimal(of bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.update(bytes.span)
    return hash.hexadecimal
  }

  /// The same for bytes that may be those of a mapped file.
  package static func hexadecimal(of bytes: StoredBytes) -> String {
    var hash = SHA256()
    bytes.forEachPiece { hash.update($0) }
    return hash.hexadecimal
  }

  /// The SHA-256 of the content of the file at `path` as 64 lower-case hexadecimal digits. The memory needed does not
  /// depend on the file's size.
  package static func hexadecimal(ofFileAt path: String) throws(FileError) -> String {
    var hash = SHA256()
    try FileReader.forEachPiece(ofFileAt: path) { hash.update($0) }
    return hash.hexadecimal
  }

  /// The hash of all bytes added so far, in the same form.
  package var hexadecimal: String {
    digest().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
