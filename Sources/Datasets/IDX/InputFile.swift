internal import Glibc

/// A regular file, open for reading; closed when the last reference goes.
final class InputFile: Sendable {
  /// The path that the file was opened by.
  let path: String

  /// The size in bytes at the time of opening.
  let byteCount: Int

  private let descriptor: Int32

  /// Opens the file. Refuses what is missing, closed to the reader, or not a regular file.
  init(path: String) throws(DatasetError) {
    // Without O_NONBLOCK, opening a pipe would wait for a writer that may never come.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let errorNumber = SystemError.last
      let isMissing = errorNumber == ENOENT || errorNumber == ENOTDIR
      throw DatasetError(path: path, code: isMissing ? .notFound : .cannotOpen(errorNumber: errorNumber))
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let errorNumber = SystemError.last
      close(descriptor)
      throw DatasetError(path: path, code: .cannotRead(errorNumber: errorNumber))
    }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG else {
      close(descriptor)
      throw DatasetError(path: path, code: kind == S_IFDIR ? .isDirectory : .notRegularFile)
    }
    self.path = path
    self.byteCount = Int(status.st_size)
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// Whether anything stands at the path, a broken link excepted.
  static func exists(_ path: String) -> Bool {
    unsafe access(path, F_OK) == 0
  }

  /// Appends the bytes from `offset` on until the output is full or the file ends.
  func read(at offset: Int, into output: inout OutputSpan<UInt8>) throws(DatasetError) {
    var failure: Int32 = 0
    unsafe output.withUnsafeMutableBufferPointer { buffer, initializedCount in
      let first = initializedCount
      while initializedCount < buffer.count {
        let room = unsafe UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[initializedCount...])
        let count = unsafe pread(descriptor, room.baseAddress, room.count, off_t(offset + initializedCount - first))
        if count > 0 {
          initializedCount += count
        } else if count == 0 {
          return
        } else if SystemError.last != EINTR {
          failure = SystemError.last
          return
        }
      }
    }
    guard failure == 0 else {
      throw DatasetError(
        path: path, code: .cannotRead(errorNumber: failure), position: .file(offset + output.count))
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
