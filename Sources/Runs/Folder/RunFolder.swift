internal import Files
internal import Glibc
package import Support

/// The folder with all files of a training run.
package struct RunFolder: Sendable {
  /// The folder's path as displayed: relative if it was given so.
  package let path: String

  /// Keeps other processes out while this value exists; nil for a folder that is only read.
  private let lock: FolderLock?

  /// Creates the folder of a new run, locked.
  ///
  /// Without `requested` it is `runs/NAME-N` in the current folder, with the first free N. Processes that start at the same moment get
  /// different folders.
  ///
  /// - Parameters:
  ///   - requested: The folder that the user chose; it must be new or empty.
  ///   - name: The model's name.
  /// - Throws: a `Failure` of the kind `cannotCreate`.
  package init(requested: String?, name: String) throws(Failure) {
    if let requested {
      path = try Self.make(requested)
    } else {
      path = try Self.makeNext(name: name)
    }
    lock = try Self.lock(path)
    if requested != nil { try Self.checkEmpty(path) }
  }

  /// The folder of an existing run, to read; `path` may be the name of a run that comes with the program.
  package init(existing path: String) {
    self.path = PathText.trimmed(ShippedRuns.located(path))
    lock = nil
  }

  /// The folder of an existing run, locked, to resume it.
  ///
  /// - Throws: a `Failure`: `noInput` if there is no run, `cannotCreate` if another process works on it.
  package init(resuming path: String) throws(Failure) {
    self.path = PathText.trimmed(path)
    let folder = RunFolder(existing: path)
    guard Folder.kind(folder.path) != .nothing else {
      throw Failure(.noInput, "\(.resume) \(path): there is no such run folder.")
    }
    guard Folder.kind(folder.configuration) == .file else {
      let hasRecord = Folder.kind(folder.record) == .file
      throw Failure(
        .noInput,
        hasRecord
          ? "\(.resume) \(path): the run ended before it wrote \(folder.configuration); start it again with \(.out) \(path)."
          : "\(.resume) \(path): not a run folder; \(folder.configuration) is missing.")
    }
    try folder.checkFiles()
    lock = try Self.lock(folder.path)
    for folder in [self.path, self.path + "/weights", self.path + "/state"] { Self.removeTemporaries(folder) }
  }

  /// Throws if another folder has replaced the locked one: its content belongs to someone else.
  ///
  /// Checking and using a path cannot be one step, so this comes right before each file is opened or replaced.
  ///
  /// - Throws: a `Failure` of the kind `cannotCreate`.
  func checkPlace() throws(Failure) {
    guard let lock, Folder.kind(path) != .nothing, !lock.holds(path) else { return }
    throw Failure(
      .cannotCreate,
      "\(path): another folder has replaced the run's; resume the run where it was moved.")
  }

  /// Rejects files that no training has put there: links out of the folder, through which other people's files would be changed, and
  /// pipes and devices, which can block a reader forever.
  ///
  /// - Throws: a `Failure` of the kind `badData`.
  package func checkFiles() throws(Failure) {
    let folders = ["weights", "state", "tensorboard", "tensorboard/train", "tensorboard/validation"].map {
      path + "/" + $0
    }
    for folder in folders where Folder.isLink(folder, outOf: path) { throw Self.refusal(ofLink: folder) }
    let inside = folders.prefix(2).flatMap { folder in ((try? Folder.names(folder)) ?? []).map { folder + "/" + $0 } }
    for file in [configuration, record, metrics, events] + inside {
      if Folder.isLink(file, outOf: path) { throw Self.refusal(ofLink: file) }
      guard Folder.kind(file) == .file, !Folder.isRegularFile(file) else { continue }
      throw Failure(.badData, "\(file): this is a pipe or a device in the run folder; remove it.")
    }
  }

  private static func refusal(ofLink path: String) -> Failure {
    Failure(
      .badData,
      "\(path): a symbolic link leads out of the run folder; if you trust its target, replace the link with it.")
  }

  /// Flushes the directory entries of the folder and of its parents to the disk, but not the folder's content.
  func synchronizeNames() throws(FileError) {
    // Folders further up may belong to others, on disks that do not support this; usually they have existed for long.
    for folder in Folder.withParents(path).dropLast() { try? AtomicFile.synchronizeFolder(of: folder) }
    try AtomicFile.synchronizeFolder(of: path)
  }

  /// Whether another process could work on the same run at the same time.
  var isUnprotected: Bool { lock?.isEffective == false }

  /// The resolved configuration.
  package var configuration: String { path + "/config.json" }
  /// The run's description, status and result.
  package var record: String { path + "/run.json" }
  /// One row per epoch.
  package var metrics: String { path + "/metrics.csv" }
  /// One JSON line per event.
  package var events: String { path + "/events.jsonl" }
  /// Everything that resuming needs.
  package var state: String { path + "/state/last.safetensors" }
  /// The state after an epoch, if the run keeps it.
  package func keptState(after epoch: Int) -> String { path + "/state/epoch-\(epoch).safetensors" }
  /// The epochs whose states were kept, in order.
  package var keptEpochs: [Int] {
    let numbers = ((try? Folder.names(path + "/state")) ?? []).compactMap { name in
      name.wholeMatch(of: /epoch-([1-9][0-9]{0,5})\.safetensors/).flatMap { Int($0.1) }
    }
    return numbers.sorted()
  }
  /// The weights after the last saved step.
  package var lastWeights: String { path + "/weights/last.safetensors" }
  /// The weights of the epoch with the best validation score.
  package var bestWeights: String { path + "/weights/best.safetensors" }

  /// The folder of event files.
  package var tensorBoard: String { path + "/tensorboard" }

  private static func lock(_ path: String) throws(Failure) -> FolderLock {
    do throws(FolderLock.Failure) {
      return try FolderLock(path)
    } catch {
      guard case .system(let code) = error else { throw taken(path) }
      throw Failure(.cannotCreate, "\(path): cannot open the run folder: \(code.message).")
    }
  }

  private static func taken(_ path: String) -> Failure {
    let process = PastRecord(path: RunFolder(existing: path).record)?.process.map { " (\($0))" } ?? ""
    return Failure(
      .cannotCreate, "\(path): another process\(process) is training this run; wait until it has ended, or stop it.")
  }

  /// Creates missing subfolders of the run folder.
  func makeSubfolders() throws(Failure) {
    for name in ["weights", "state"] { try Folder.makeWithParents(path + "/" + name) }
  }

  /// Removes temporary files of a process that was killed during a write; only the holder of the lock may do so.
  private static func removeTemporaries(_ folder: String) {
    for name in (try? Folder.names(folder)) ?? [] where AtomicFile.isTemporary(name) {
      Folder.removeFile(folder + "/" + name)
    }
  }

  private static func make(_ requested: String) throws(Failure) -> String {
    let folder = PathText.trimmed(requested)
    if Folder.kind(folder) == .file {
      throw Failure(.cannotCreate, "\(.out) \(folder): this is a file; name a folder that does not exist yet.")
    }
    try Folder.makeWithParents(folder)
    return folder
  }

  private static func checkEmpty(_ folder: String) throws(Failure) {
    removeTemporaries(folder)
    let names = try? Folder.names(folder)
    // The record of a process that died before it wrote anything else.
    if names == ["run.json"], PastRecord(path: RunFolder(existing: folder).record) != nil { return }
    if names?.isEmpty == true { return }
    let advice: MessageText =
      Folder.kind(RunFolder(existing: folder).configuration) == .file
      ? "it contains a run; resume it with \(.resume) \(folder), or name a new folder."
      : "name an empty or a new folder."
    throw Failure(.cannotCreate, "\(.out) \(folder): the folder is not empty; \(advice)")
  }

  private static func makeNext(name: String) throws(Failure) -> String {
    try Folder.makeWithParents("runs")
    // A model's name may come from a file and contain anything; a folder's name must not.
    let kept = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._".contains($0)) ? $0 : "-" }
    var number = 1
    while true {
      let path = "runs/\(String(kept))-\(number)"
      do throws(SystemCode) {
        try Folder.create(path)
        return path
      } catch {
        guard error.rawValue == EEXIST else {
          throw Failure(
            .cannotCreate, "\(path): cannot create the run folder: \(error.message); choose another with \(.out).")
        }
      }
      number += 1
    }
  }
}
