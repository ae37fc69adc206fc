internal import Support

/// A file that grows line by line, such as a CSV or JSON Lines log, and that can be read while it grows.
///
/// Each line goes out in one write, and a write that fails is taken back, so that a reader finds whole lines only. A line without
/// its end, which a crash may have left in an older file, is ended when the file is opened, so that the next one stays apart from it.
/// Lines that would go into a file that somebody has removed, and that nobody would ever read, are noticed when they are synchronized,
/// unless nobody depends on them.
///
/// One writer per file; not safe to use from two threads at once.
package final class AppendFile {
  /// The file, as the caller named it.
  package let path: String
  /// The size of the file after the last whole line, or nil for what has no size, such as a pipe.
  package private(set) var byteCount: Int?
  private var file: OpenFile?
  private let identity: FileIdentity
  private let mayVanish: Bool
  /// Whether the file's name, and not its content only, is known to be on the disk.
  private var isNameDurable = false

  /// Opens the file at `path` for appending, and creates it where it is not there.
  ///
  /// - Parameters:
  ///   - keptByteCount: How much of the file to keep: what stands behind it is cut off. Nil keeps all.
  ///   - mayVanish: Whether others may remove the file while it is written to.
  /// - Throws: a `FileError`; `.tooShort` where there is less than is to be kept, and the file stays as it is.
  package init(path: String, keeping keptByteCount: Int? = nil, mayVanish: Bool = false) throws(FileError) {
    self.path = path
    self.mayVanish = mayVanish
    let file = try OpenFile(path: path, mode: .appending)
    let status = try file.status()
    var byteCount = status.isRegular ? status.byteCount : nil
    if let kept = keptByteCount, let count = byteCount, count != kept {
      guard count > kept else {
        throw FileError(path: path, operation: .read, cause: .tooShort(minimumByteCount: kept, byteCount: count))
      }
      try file.truncate(to: kept)
      byteCount = kept
    }
    if let count = byteCount, count > 0, try file.byte(at: count - 1) != UInt8(ascii: "\n") {
      try file.write([UInt8(ascii: "\n")])
      byteCount = count + 1
    }
    self.byteCount = byteCount
    identity = status.identity
    self.file = consume file
  }

  /// Whether the file has no line yet, so that a header belongs into it first.
  package var isEmpty: Bool { byteCount ?? 0 == 0 }

  /// Adds one line.
  ///
  /// - Parameters:
  ///   - line: the line without its end.
  ///   - synchronizing: whether to wait until the line is on the disk.
  package func append(line: String, synchronizing: Bool = false) throws(FileError) {
    var bytes = Array(line.utf8)
    bytes.append(UInt8(ascii: "\n"))
    try append(bytes: bytes, synchronizing: synchronizing)
  }

  /// Adds bytes that belong together, such as records of a file that is no text.
  package func append(bytes: [UInt8], synchronizing: Bool = false) throws(FileError) {
    require(file != nil, "AppendFile.append: \(path) is already closed")
    do throws(FileError) {
      try file?.write(bytes)
    } catch {
      // Part of the line may have been written, when the disk filled up on the way. The first error is the one to report.
      if let byteCount { try? file?.truncate(to: byteCount) }
      throw error
    }
    byteCount? += bytes.count
    if synchronizing { try synchronize() }
  }

  /// Waits until all lines are on the disk, under the file's name.
  ///
  /// - Throws: a `FileError`; `.displaced` where the file is not at its path any more, unless it may vanish.
  package func synchronize() throws(FileError) {
    require(file != nil, "AppendFile.synchronize: \(path) is already closed")
    try file?.synchronize()
    guard byteCount != nil else { return }
    guard mayVanish || FileIdentity(path: path) == identity else {
      throw FileError(path: path, operation: .synchronize, cause: .displaced)
    }
    if !isNameDurable { try AtomicFile.synchronizeFolder(of: path) }
    isNameDurable = true
  }

  /// Closes the file and reports a write that failed only now. Closing twice does nothing; a file that is let go is closed as well.
  package func close() throws(FileError) {
    if let file = file.take() { try file.close() }
  }
}
