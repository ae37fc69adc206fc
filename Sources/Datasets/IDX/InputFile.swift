internal import Files
internal import Glibc

/// A regular file, open for reading, with the errors of a data set; closed when the last reference goes.
final class InputFile: Sendable {
  private let file: RegularFile

  /// Opens the file. Refuses what is missing, closed to the reader, or not a regular file.
  init(path: String) throws(DatasetError) {
    do throws(FileError) {
      file = try RegularFile(path: path)
    } catch {
      throw DatasetError(error)
    }
  }

  /// The path that the file was opened by.
  var path: String { file.path }

  /// The size in bytes at the time of opening.
  var byteCount: Int { file.byteCount }

  /// Whether anything stands at the path, a broken link excepted.
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

  /// All bytes of the file. Refuses one of more than `largest`: it may have no end, or hold nothing but a hole.
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
  /// The refusal that a failure to open or to read a file, or to list a folder, amounts to.
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
