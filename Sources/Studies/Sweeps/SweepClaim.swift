internal import Files
internal import Runs
internal import Support

/// The right to train a run of a sweep. Only one process has it at a time, and it ends with its owner, however that ends.
struct SweepClaim {
  private let lock: FileLock

  /// Claims a run, without waiting; nil if another process trains it.
  ///
  /// - Parameters:
  ///   - run: The run's folder.
  ///   - folder: The sweep's folder, which contains the lock file.
  init?(run: String, name: String, folder: String) throws(Failure) {
    try Folder.makeWithParents(folder + "/claims")
    let claimed: FileLock?
    do throws(FileError) {
      claimed = try FileLock("\(folder)/claims/\(name)")
    } catch {
      throw Failure(error)
    }
    guard let held = claimed else { return nil }
    // A process that lost its parent may still be saving.
    do throws(FolderLock.Failure) {
      if Folder.kind(run) == .folder { _ = try FolderLock(run) }
    } catch {
      if case .taken = error { return nil }
    }
    lock = held
  }
}
