internal import Support

/// Reads whole files.
package enum FileReader {
  /// All bytes of the file at `path`.
  ///
  /// Works for pipes too, whose size nobody knows in advance. Memory is asked for as bytes arrive, never beyond the maximum.
  ///
  /// - Parameter maximumByteCount: how much the caller is ready to hold in memory.
  /// - Throws: a `FileError`; `.tooLarge` before anything is read when the file says so itself, otherwise as soon as it shows.
  package static func bytes(ofFileAt path: String, maximumByteCount: Int) throws(FileError) -> [UInt8] {
    require(
      maximumByteCount >= 0 && maximumByteCount < Int.max,
      "FileReader.bytes: maximumByteCount must be in 0..<Int.max, but it is \(maximumByteCount)")
    let file = try OpenFile(path: path, mode: .reading)
    let tooLarge = FileError(path: path, operation: .read, cause: .tooLarge(maximumByteCount: maximumByteCount))
    let status = try file.status()
    let promised = status.isRegular ? status.byteCount : 0
    guard promised <= maximumByteCount else { throw tooLarge }

    // One byte more than promised, so that the end shows without asking twice.
    var content = [UInt8](repeating: 0, count: promised + 1)
    var count = 0
    while true {
      if count == content.count {
        let growth = min(max(65_536, count), maximumByteCount + 1 - count)
        guard growth > 0 else { throw tooLarge }
        content.append(contentsOf: repeatElement(0, count: growth))
      }
      let arrived = try read(file, into: &content, from: count)
      if arrived == 0 { break }
      count += arrived
    }
    content.removeLast(content.count - count)
    return content
  }

  /// The size of the file at `path` in bytes; nil for what has none, such as a pipe.
  package static func byteCount(ofFileAt path: String) throws(FileError) -> Int? {
    // Not opened: a pipe that is closed again has lost its writer.
    let status = try FileError.naming(path, .open) { () throws(SystemCode) in try SystemCalls.status(ofPath: path) }
    return status.isRegular ? status.byteCount : nil
  }

  /// The first bytes of the file at `path`, or fewer where it has no more: enough to recognize what it is.
  package static func beginning(ofFileAt path: String, byteCount: Int) throws(FileError) -> [UInt8] {
    let file = try OpenFile(path: path, mode: .reading)
    var content = [UInt8](repeating: 0, count: byteCount)
    var count = 0
    while count < byteCount {
      let arrived = try read(file, into: &content, from: count)
      if arrived == 0 { break }
      count += arrived
    }
    return Array(content.prefix(count))
  }

  /// Hands the bytes of the file at `path` to `body` in pieces, for work that needs no more than one piece at a time.
  static func forEachPiece(ofFileAt path: String, _ body: (Span<UInt8>) -> Void) throws(FileError) {
    let file = try OpenFile(path: path, mode: .reading)
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let arrived = try read(file, into: &piece, from: 0)
      if arrived == 0 { return }
      body(piece.span.extracting(first: arrived))
    }
  }

  private static func read(
    _ file: borrowing OpenFile, into buffer: inout [UInt8], from offset: Int
  ) throws(FileError) -> Int {
    var whole = buffer.mutableSpan
    var rest = whole.part(offset..<whole.count)
    return try file.read(into: &rest)
  }
}
