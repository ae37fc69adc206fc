internal import Glibc

/// A regular file, open for reading at any offset; closed with the last reference.
package final class RegularFile: Sendable {
  /// The path by which the file was opened.
  package let path: String
  /// The size in bytes at the time of opening.
  package let byteCount: Int
  private let descriptor: Descriptor

  /// Opens the file at `path`.
  ///
  /// - Parameter followsLink: Whether to follow a symbolic link at the end of the path; otherwise it is rejected with
  ///   ELOOP.
  /// - Throws: a `FileError` for a file that is missing, not readable, or not regular: `.system(code: EISDIR)` for a
  ///   folder, `.notAFile` for a device, a pipe or a socket.
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

  /// Appends the bytes from `offset` on until the output is full or the file ends. After a failure, the bytes read
  /// before it stay.
  package func read(at offset: Int, into output: inout OutputSpan<UInt8>) throws(FileError) {
    do throws(SystemCode) {
      try SystemCalls.read(descriptor.number, at: offset, into: &output)
    } catch {
      throw FileError(path: path, operation: .read, cause: .system(code: error.rawValue))
    }
  }
}
