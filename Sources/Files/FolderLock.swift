internal import Glibc

/// An exclusive lock on a folder. The system releases it when its owner ends for any reason.
package final class FolderLock: Sendable {
  /// Why the lock could not be taken.
  package enum Failure: Error {
    /// Another process holds it.
    case taken
    /// The folder cannot be opened.
    case system(SystemCode)
  }

  private let descriptor: Descriptor
  /// False if the file system has no locks; then two processes can use the folder at once.
  package let isEffective: Bool
  /// The folder's identity, which does not depend on its name.
  private let identity: FileIdentity?

  /// Takes the lock without waiting. It locks the folder itself and writes nothing.
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

  /// Whether a path still leads to this folder, not to another one that replaced it.
  package func holds(_ path: String) -> Bool { FileIdentity(path: path) == identity }
}
