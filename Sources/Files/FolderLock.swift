internal import Glibc

/// A lock on a folder that only one process holds at a time, and that goes with its owner, however that ends.
package final class FolderLock: Sendable {
  /// Why there is no lock.
  package enum Failure: Error {
    /// Another process holds it.
    case taken
    /// The folder cannot be opened.
    case system(SystemCode)
  }

  private let descriptor: Descriptor
  /// False if the file system knows no locks: then nothing keeps two processes apart.
  package let isEffective: Bool
  /// Which folder it is, whatever becomes of its name.
  private let identity: FileIdentity?

  /// Takes the lock without waiting. Nothing is written: it is the folder itself that is locked.
  package init(_ path: String) throws(Failure) {
    let number: Int32
    do throws(SystemCode) {
      number = try SystemCalls.open(path, flags: O_RDONLY | O_DIRECTORY)
    } catch {
      throw .system(error)
    }
    descriptor = Descriptor(number: number)
    identity = FileIdentity(descriptor: number)
    let attempt = SystemCalls.lock(number)
    isEffective = attempt == .held
    if attempt == .taken { throw .taken }
  }

  /// Whether it is this folder that stands at a path, and not another one that has taken its place.
  package func holds(_ path: String) -> Bool { FileIdentity(path: path) == identity }
}
