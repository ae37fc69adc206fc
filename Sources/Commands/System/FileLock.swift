internal import Glibc
internal import Interchange

/// A lock on a file that only one process holds at a time, and that goes with its owner, however that ends.
final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock on a file, without waiting; the file is made where there is none.
  ///
  /// - Returns: Nil if another process holds it. A file system without locks gives one that keeps nobody out.
  /// - Throws: a `FileError` if the file cannot be opened for writing.
  init?(_ path: String) throws(FileError) {
    // For writing, which network file systems want of who locks.
    let opened = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard opened >= 0 else { throw FileError(path: path, operation: .create, cause: .system(code: errno)) }
    if flock(opened, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(opened)
      return nil
    }
    descriptor = opened
  }

  deinit { close(descriptor) }
}
