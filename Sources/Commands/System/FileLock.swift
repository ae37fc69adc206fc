internal import Glibc

/// A lock on a file that only one process holds at a time, and that goes with its owner, however that ends.
final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock on a file, without waiting; the file is made where there is none.
  ///
  /// - Returns: Nil if another process holds it. A file system without locks gives one that keeps nobody out.
  init?(_ path: String) {
    // For writing, which network file systems want of who locks.
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      return nil
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
