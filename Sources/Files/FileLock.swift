internal import Glibc

/// An exclusive lock on a file. The system releases it when its owner ends for any reason.
package final class FileLock: Sendable {
  private let descriptor: Descriptor

  /// Takes the lock on a file without waiting; creates the file if it is missing.
  ///
  /// - Returns: Nil if another process holds it. On a file system without locks, the lock has no effect.
  /// - Throws: a `FileError` if the file cannot be opened for writing.
  package init?(_ path: String) throws(FileError) {
    // Opened for writing, which network file systems require for locks.
    let number = try FileError.naming(path, .create) { () throws(SystemCode) in
      try SystemCalls.open(path, flags: O_RDWR | O_CREAT, mode: 0o666)
    }
    descriptor = Descriptor(number: number)
    if SystemCalls.lock(number) == .taken { return nil }
  }
}
