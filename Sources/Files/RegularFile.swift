internal import Glibc

/// A regular file, open for reading at any offset; closed with the last reference.
package final class RegularFile: Sendable {
  /// The path by which the file was opened.
  package let path: String
  /// The size in bytes at the time of opening.
  package let byteCount: Int
  /// Whether hardly any of the file is on the disk, so that its size says nothing about its content.
  package let isMostlyHole: Bool
  private let descriptor: Descriptor
  /// The number of the open file.
  var number: Int32 { descriptor.number }

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
    // Disks that compress do not reach this for data of any use.
    isMostlyHole = status.storedByteCount < status.byteCount / 64
    if status.isFolder { throw FileError(path: path, operation: .open, cause: .system(code: EISDIR)) }
    if !status.isRegular { throw FileError(path: path, operation: .open, cause: .notAFile) }
  }

  /// Which content the file has at the moment.
  package var stamp: FileStamp? { (try? SystemCalls.status(descriptor.number)).map(FileStamp.init) }

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
