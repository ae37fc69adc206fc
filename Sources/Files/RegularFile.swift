internal import Glibc

/// A regular file, open for reading at any place; closed when the last reference goes.
package final class RegularFile: Sendable {
  /// The path that the file was opened by.
  package let path: String
  /// The size in bytes at the time of opening.
  package let byteCount: Int
  private let descriptor: Descriptor

  /// Opens the file at `path`.
  ///
  /// - Parameter followsLink: Whether a link at the end of the path leads on; else it is refused, with ELOOP.
  /// - Throws: a `FileError` for what is missing, closed to the reader, or not a regular file: `.system(code: EISDIR)` for a folder,
  ///   `.notAFile` for a device, a pipe or a socket.
  package init(path: String, followsLink: Bool = true) throws(FileError) {
    // Without O_NONBLOCK, opening a pipe would wait for a writer that may never come.
    let number = try FileError.naming(path, .open) { () throws(SystemCode) in
      try SystemCalls.open(path, flags: O_RDONLY | O_NONBLOCK | (followsLink ? 0 : O_NOFOLLOW))
    }
    descriptor = Descriptor(number: number)
    let status = try FileError.naming(path, .read) { () throws(SystemCode) in try SystemCalls.status(number) }
    self.path = path
    byteCount = status.byteCount
    if status.isFolder { throw FileError(path: path, operation: .open, cause: .system(code: EISDIR)) }
    if !status.isRegular { throw FileError(path: path, operation: .open, cause: .notAFile) }
  }

  /// Appends the bytes from `offset` on until the output is full or the file ends. What came before a failure stays.
  package func read(at offset: Int, into output: inout OutputSpan<UInt8>) throws(FileError) {
    do throws(SystemCode) {
      try SystemCalls.read(descriptor.number, at: offset, into: &output)
    } catch {
      throw FileError(path: path, operation: .read, cause: .system(code: error.rawValue))
    }
  }
}
