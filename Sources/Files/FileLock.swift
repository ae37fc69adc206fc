internal import Glibc

/// A lock on a file that only one process holds at a time, and that goes with its owner, however that ends.
package final class FileLock: Sendable {
  private let descriptor: Descriptor

  /// Takes the lock on a file, without waiting; a file that is missing is made.
  ///
  /// - Returns: Nil if another process holds it. A file system without locks gives one that keeps nobody out.
  /// - Throws: a `FileError` if the file cannot be opened for writing.
  package init?(_ path: String) throws(FileError) {
    // For writing, which network file systems want of who locks.
    let number = try FileError.naming(path, .create) { () throws(SystemCode) in
      try SystemCalls.open(path, flags: O_RDWR | O_CREAT, mode: 0o666)
    }
    descriptor = Descriptor(number: number)
    if SystemCalls.lock(number) == .taken { return nil }
  }
}
