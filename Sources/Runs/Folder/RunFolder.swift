internal import Files
internal import Glibc
package import Support

/// The folder that holds all of a training run.
package struct RunFolder: Sendable {
  /// The folder's path, as it is shown: relative if it was given so.
  package let path: String

  /// Keeps other processes out, as long as anybody holds this value; nil for a folder that is only looked at.
  private let lock: FolderLock?

  /// Creates the folder of a new run, locked.
  ///
  /// Without `requested` it is `runs/NAME-N` in the current folder, with the first N that is free. Processes that start at the same
  /// moment get different ones.
  ///
  /// - Parameters:
  ///   - requested: The folder that the user asked for; it must not exist, or be empty.
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

  /// The folder of a run that exists, to look at.
  package init(existing path: String) {
    self.path = PathText.trimmed(path)
    lock = nil
  }

  /// The folder of a run that exists, locked, to go on with it.
  ///
  /// - Throws: a `Failure`: `noInput` where there is no run, `cannotCreate` where another process works on it.
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
          ? "\(.resume) \(path): the run ended before it had begun: \(folder.configuration) is not there; begin it again with \(.out) \(path)."
          : "\(.resume) \(path): this is no run folder: \(folder.configuration) is not there.")
    }
    try folder.checkFiles()
    lock = try Self.lock(folder.path)
    for folder in [self.path, self.path + "/weights", self.path + "/state"] { Self.removeTemporaries(folder) }
  }

  /// Refuses to go on where another folder has taken the place of the one that was locked: what it holds belongs to somebody else.
  ///
  /// Paths cannot be looked at and used in one step, so this comes right before each file that is opened or replaced.
  ///
  /// - Throws: a `Failure` of the kind `cannotCreate`.
  func checkPlace() throws(Failure) {
    guard let lock, Folder.kind(path) != .nothing, !lock.holds(path) else { return }
    throw Failure(
      .cannotCreate,
      "\(path): another folder has taken the place of the run's; go on with the run where it was moved to.")
  }

  /// Refuses what nobody who trained this run has put there: links out of the folder, through which files of others would be changed, and
  /// pipes and devices, which can keep a reader waiting for ever.
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
      throw Failure(.badData, "\(file): there is a pipe or a device in the run folder; remove it.")
    }
  }

  private static func refusal(ofLink path: String) -> Failure {
    Failure(
      .badData,
      "\(path): a symbolic link leads out of the run folder; put what it leads to in its place, if you trust it.")
  }

  /// Brings the names of the folder and of those above it to the disk; what is in it is another matter.
  func synchronizeNames() throws(FileError) {
    // Those further above may belong to others, on disks that know nothing of this; most often they have been there for long.
    for folder in Folder.withParents(path).dropLast() { try? AtomicFile.synchronizeFolder(of: folder) }
    try AtomicFile.synchronizeFolder(of: path)
  }

  /// Whether another process could work on the same run at the same time.
  var isUnprotected: Bool { lock?.isEffective == false }

  /// The resolved configuration.
  package var configuration: String { path + "/config.json" }
  /// What the run is, how it stands, and what it came to.
  package var record: String { path + "/run.json" }
  /// One row per epoch.
  package var metrics: String { path + "/metrics.csv" }
  /// One JSON line per event.
  package var events: String { path + "/events.jsonl" }
  /// All that resuming needs.
  package var state: String { path + "/state/last.safetensors" }
  /// The state after an epoch, where the run keeps it.
  package func keptState(after epoch: Int) -> String { path + "/state/epoch-\(epoch).safetensors" }
  /// The epochs whose states were kept, in order.
  package var keptEpochs: [Int] {
    let numbers = ((try? Folder.names(path + "/state")) ?? []).compactMap { name in
      name.wholeMatch(of: /epoch-([1-9][0-9]{0,5})\.safetensors/).flatMap { Int($0.1) }
    }
    return numbers.sorted()
  }
  /// The weights after the last step that was saved.
  package var lastWeights: String { path + "/weights/last.safetensors" }
  /// The weights of the epoch that did best on the validation set.
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

  /// Makes the folders within the run folder, where they are missing.
  func makeSubfolders() throws(Failure) {
    for name in ["weights", "state"] { try Folder.makeWithParents(path + "/" + name) }
  }

  /// Removes what a process that was killed in the middle of a write has left; only the holder of the lock may.
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
    // The record of a process that died before it had written more.
    if names == ["run.json"], PastRecord(path: RunFolder(existing: folder).record) != nil { return }
    if names?.isEmpty == true { return }
    let advice: MessageText =
      Folder.kind(RunFolder(existing: folder).configuration) == .file
      ? "it holds a run: go on with it by \(.resume) \(folder), or name a folder that does not exist yet."
      : "name one that is, or one that does not exist yet."
    throw Failure(.cannotCreate, "\(.out) \(folder): the folder is not empty; \(advice)")
  }

  private static func makeNext(name: String) throws(Failure) -> String {
    try Folder.makeWithParents("runs")
    // A model's name may come from a file and hold anything; a folder's name must not.
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
