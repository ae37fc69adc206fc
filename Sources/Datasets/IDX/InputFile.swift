internal import Files
internal import Glibc

/// A regular file, open for reading, that throws the errors of a data set; closed with the last reference.
final class InputFile: Sendable {
  private let file: RegularFile

  /// Opens the file. Rejects one that is missing, not readable, or not regular.
  init(path: String) throws(DatasetError) {
    do throws(FileError) {
      file = try RegularFile(path: path)
    } catch {
      throw DatasetError(error)
    }
  }

  /// The path by which the file was opened.
  var path: String { file.path }

  /// The size in bytes at the time of opening.
  var byteCount: Int { file.byteCount }

  /// Whether the path exists; a broken link does not.
  static func exists(_ path: String) -> Bool { Folder.kind(path) != .nothing }

  /// Appends the bytes from `offset` on until the output is full or the file ends.
  func read(at offset: Int, into output: inout OutputSpan<UInt8>) throws(DatasetError) {
    let before = output.count
    do throws(FileError) {
      try file.read(at: offset, into: &output)
    } catch {
      throw DatasetError(error, position: .file(offset + output.count - before))
    }
  }

  /// Whether the file is large, and not mostly a hole.
  var isWorthMapping: Bool { byteCount >= StoredBytes.fewestMappedBytes && !file.isMostlyHole }

  /// Bytes of the file without a copy; nil if they are too few to be worth it, mostly a hole, or the system refuses.
  func mapped(_ range: Range<Int>) -> StoredBytes? {
    guard range.count >= StoredBytes.fewestMappedBytes, isWorthMapping else { return nil }
    // Reading the file says what is wrong with it.
    return try? StoredBytes(mapping: file, from: range.lowerBound, count: range.count)
  }

  /// All bytes of the file. Rejects one of more than `largest` bytes, which may be endless or a hole.
  func allBytes(atMost largest: Int) throws(DatasetError) -> [UInt8] {
    guard byteCount <= largest else {
      throw DatasetError(path: path, code: .tooLarge(largest: largest, found: byteCount))
    }
    return try bytes(at: 0, count: byteCount)
  }

  /// The bytes of the range, or fewer at the end of the file.
  func bytes(at offset: Int, count: Int) throws(DatasetError) -> [UInt8] {
    try [UInt8](capacity: count) { (output: inout OutputSpan<UInt8>) throws(DatasetError) in
      try read(at: offset, into: &output)
    }
  }
}

extension DatasetError {
  /// The error for a failure to open or read a file, or to list a folder.
  init(_ error: FileError, position: Position? = nil) {
    let code: Code =
      switch (error.operation, error.cause) {
      case (_, .notAFile): .notRegularFile
      case (.open, .system(EISDIR)): .isDirectory
      case (.open, .system(ENOENT)), (.open, .system(ENOTDIR)): .notFound
      case (.open, .system(let number)): .cannotOpen(errorNumber: number)
      default: .cannotRead(errorNumber: error.systemCode ?? EIO)
      }
    self.init(path: error.path, code: code, position: position)
  }
}
