internal import Glibc
internal import Interchange

/// A lock on a folder that only one process holds at a time, and that goes with its owner, however that ends.
final class FolderLock: Sendable {
  /// Why there is no lock.
  enum Failure: Error {
    /// Another process holds it.
    case taken
    /// The folder cannot be opened: the system's error number.
    case system(Int32)
  }

  private let descriptor: Int32
  /// False where the file system knows no locks: then nothing keeps two processes apart.
  let isEffective: Bool
  /// Which folder it is, whatever becomes of its name.
  private let identity: FileIdentity?

  /// Takes the lock without waiting. Nothing is written: it is the folder itself that is locked.
  init(_ path: String) throws(Failure) {
    descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(errno) }
    identity = FileIdentity(descriptor: descriptor)
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
      isEffective = true
    } else if errno == EWOULDBLOCK {
      close(descriptor)
      throw .taken
    } else {
      isEffective = false
    }
  }

  /// Whether it is this folder that stands at a path, and not another one that has taken its place.
  func holds(_ path: String) -> Bool { FileIdentity(path: path) == identity }

  deinit { close(descriptor) }
}
