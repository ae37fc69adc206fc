internal import Support

/// A file that is appended to line by line, such as a CSV or JSON Lines log, and can be read meanwhile.
///
/// Each line is written in one call, and a failed write is undone, so that readers see only whole lines. If a crash
/// left an incomplete last line, opening the file ends it, so that the next line stays separate. If the file has been
/// removed, its lines would be lost; synchronizing reports this unless the file may vanish.
///
/// One writer per file; not safe to use from two threads at once.
package final class AppendFile {
  /// The path, as the caller gave it.
  package let path: String
  /// The size of the file after the last whole line; nil for files without a size, such as pipes.
  package private(set) var byteCount: Int?
  private var file: OpenFile?
  private let identity: FileIdentity
  private let mayVanish: Bool
  /// Whether the file's directory entry, not only its content, is known to be on the disk.
  private var isNameDurable = false

  /// Opens the file at `path` for appending; creates it if it is missing.
  ///
  /// - Parameters:
  ///   - keptByteCount: The number of bytes to keep; the rest is cut off. Nil keeps all.
  ///   - mayVanish: Whether other programs may remove the file while it is open.
  /// - Throws: a `FileError`; `.tooShort` if the file is shorter than the part to keep, and then it is unchanged.
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

  /// Whether the file is empty, so that a header comes first.
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

  /// Adds bytes that belong together, such as a record of a binary file.
  package func append(bytes: [UInt8], synchronizing: Bool = false) throws(FileError) {
    require(file != nil, "AppendFile.append: \(path) is already closed")
    do throws(FileError) {
      try file?.write(bytes)
    } catch {
      // Part of the line may have been written before the disk was full. Report the first error.
      if let byteCount { try? file?.truncate(to: byteCount) }
      throw error
    }
    byteCount? += bytes.count
    if synchronizing { try synchronize() }
  }

  /// Waits until all lines are on the disk, under the file's name.
  ///
  /// - Throws: a `FileError`; `.displaced` if the file is no longer at its path, unless it may vanish.
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

  /// Closes the file, and throws if a write fails only now. Closing twice does nothing; releasing the file closes it
  /// too.
  package func close() throws(FileError) {
    if let file = file.take() { try file.close() }
  }
}
