internal import Support

/// Reads whole files.
package enum FileReader {
  /// All bytes of the file at `path`.
  ///
  /// Also works for pipes, whose size is unknown. Memory is allocated as bytes arrive, never beyond the maximum.
  ///
  /// - Parameter maximumByteCount: the most bytes that the caller accepts.
  /// - Throws: a `FileError`; `.tooLarge` before reading if the file's size is known, otherwise once the maximum is
  ///   exceeded.
  package static func bytes(ofFileAt path: String, maximumByteCount: Int) throws(FileError) -> [UInt8] {
    require(
      maximumByteCount >= 0 && maximumByteCount < Int.max,
      "FileReader.bytes: maximumByteCount expected a value in 0..<Int.max, found \(maximumByteCount)")
    let file = try OpenFile(path: path, mode: .reading)
    let status = try file.status()
    let promised = status.isRegular ? status.byteCount : 0
    // An endless file, such as /dev/zero, must not use up all memory. The caller also needs memory for the parsed content.
    func limit(for count: Int) -> Int {
      // No real input through a device is larger; larger ones are endless.
      if status.isDevice { return min(maximumByteCount, smallByteCount) }
      return count <= smallByteCount ? maximumByteCount : min(maximumByteCount, (Hardware.memoryByteCount ?? .max) / 2)
    }
    func tooLarge(_ limit: Int) -> FileError {
      FileError(path: path, operation: .read, cause: .tooLarge(maximumByteCount: limit))
    }
    guard promised <= limit(for: promised) else { throw tooLarge(limit(for: promised)) }

    // One byte more than the file's size, so that one read finds the end.
    var content = [UInt8](repeating: 0, count: promised + 1)
    var count = 0
    while true {
      if count == content.count {
        let limit = limit(for: count)
        let growth = min(max(65_536, count), limit + 1 - count)
        guard growth > 0 else { throw tooLarge(limit) }
        content.append(contentsOf: repeatElement(0, count: growth))
      }
      let arrived = try read(file, into: &content, from: count)
      if arrived == 0 { break }
      count += arrived
    }
    content.removeLast(content.count - count)
    return content
  }

  /// Files up to this size are read without checking the available memory.
  private static let smallByteCount = 1 << 26

  /// The size of the file at `path` in bytes; nil for files without a size, such as pipes.
  package static func byteCount(ofFileAt path: String) throws(FileError) -> Int? {
    // The file is not opened: closing a pipe again would end its writer.
    let status = try FileError.naming(path, .open) { () throws(SystemCode) in try SystemCalls.status(ofPath: path) }
    return status.isRegular ? status.byteCount : nil
  }

  /// The first bytes of the file at `path`, or all of a shorter one: enough to recognize its format.
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

  /// Passes the bytes of the file at `path` to `body` in pieces, for work that needs only one piece at a time.
  ///
  /// - Throws: `.tooLarge` for a device that provides more bytes than any reader accepts, such as `/dev/zero`.
  static func forEachPiece(ofFileAt path: String, _ body: (Span<UInt8>) -> Void) throws(FileError) {
    let file = try OpenFile(path: path, mode: .reading)
    let isDevice = try file.status().isDevice
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    var count = 0
    while true {
      let arrived = try read(file, into: &piece, from: 0)
      if arrived == 0 { return }
      count += arrived
      guard !isDevice || count <= smallByteCount else {
        throw FileError(path: path, operation: .read, cause: .tooLarge(maximumByteCount: smallByteCount))
      }
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
