package import Files
package import Support

/// A run at one moment, read from its folder without locking or changing anything, and without computing.
package struct RunSummary: Sendable {
  /// What a run is doing, or how it ended.
  package enum State: String, CaseIterable, Sendable {
    /// A process on this machine trains it.
    case running
    /// Done with everything requested.
    case finished
    /// Stopped by a signal or a limit; can be resumed.
    case stopped
    /// Its process died; can be resumed.
    case killed
    /// Ended by an error.
    case failed
    /// A file of the folder is damaged or missing.
    case broken
  }

  /// A part of the data on which a score was measured.
  package enum Part: String, Sendable {
    /// The test images.
    case test
    /// The validation images.
    case validation
    /// The training images.
    case train
  }

  /// The run folder.
  package let path: String
  /// What it is doing, or how it ended.
  package let state: State
  /// What ended it; nil while it runs, and if no limit or signal did.
  package let end: RunEnd?
  /// The model's name; nil if it is not known.
  package let model: String?
  /// The model's parameters.
  package let parameters: Int?
  /// When it began, as ISO 8601.
  package let started: String?
  /// When its last session ended, as ISO 8601; nil while it runs.
  package let ended: String?
  /// The finished epochs, oldest first.
  package let epochs: [RunHistory.Epoch]
  /// The epochs that were requested.
  package let plannedEpochs: Int?
  /// Its steps: up to its end if it has finished, otherwise up to the last finished epoch.
  package let steps: Int
  /// Seconds of its sessions if it has finished, otherwise of its finished epochs; nil before the first one.
  package let seconds: Double?
  /// The score on the test images; nil before the end, and if the test was left out.
  package let test: EpochSummary.Score?
  /// Its settings, by their keys.
  package let settings: [String: JSONValue]
  /// Why it is broken or failed.
  package let problem: Failure?

  /// The mean over the steps of the last epoch.
  package var training: EpochSummary.Score? { epochs.last?.training }
  /// The score after the last epoch; nil without a validation set.
  package var validation: EpochSummary.Score? { epochs.last?.validation }

  /// The score that says most about the run: on the test images, else on the validation images, else on the training images.
  package var score: (part: Part, value: EpochSummary.Score)? {
    if let test { return (.test, test) }
    if let validation { return (.validation, validation) }
    return training.map { (.train, $0) }
  }

  /// Reads a run folder. Damage is a state, not an error.
  ///
  /// - Parameter locks: The locks that show which runs have a process.
  package init(_ path: String, locks: HeldLocks) {
    do {
      try self.init(reading: RunFolder(existing: path), locks: locks)
    } catch {
      self.init(broken: path, Failure(error))
    }
  }

  private init(broken path: String, _ problem: Failure) {
    self.path = path
    self.problem = problem
    state = .broken
    (end, model, parameters, started, ended, plannedEpochs, seconds, test) = (nil, nil, nil, nil, nil, nil, nil, nil)
    (epochs, steps, settings) = ([], 0, [:])
  }

  private init(reading folder: RunFolder, locks: HeldLocks) throws {
    try folder.checkFiles()
    let record = try Self.record(folder)
    path = folder.path
    let status = try Self.status(record, folder)
    let process = record["sessions"]?.array?.last?["process"]?.integer
    state =
      switch status {
      case .running: locks.isHeld(folder.path, by: process) ? .running : .killed
      case .finished: .finished
      case .stopped: .stopped
      case .failed: .failed
      }
    end = record["ended_by"]?.string.flatMap(RunEnd.init)
    model = record["model"]?.string
    parameters = record["parameters"]?.integer
    started = record["started"]?.string
    ended = record["ended"]?.string
    settings = try Self.settings(folder)
    plannedEpochs = settings["epochs"]?.integer
    epochs = try Self.epochs(folder)
    let result = record["result"]
    test = (result?["test"]).flatMap(EpochSummary.Score.init)
    steps = result?["steps"]?.integer ?? epochs.last?.steps ?? 0
    seconds = try result?["seconds"]?.number ?? Self.seconds(folder)
    let message = record["failure"]?.string
    problem = state == .failed ? Failure(.someItemsFailed, text: message ?? "The run failed.") : nil
  }

  /// The content of `run.json`, which lists the data files, and so may be larger than a configuration.
  private static func record(_ folder: RunFolder) throws(Failure) -> JSONValue {
    guard Folder.kind(folder.record) == .file else {
      throw Failure(.badData, "\(folder.record) is missing; the run may have been copied only in part.")
    }
    return try ConfigurationFile.content(of: folder.record, maximumByteCount: 1 << 24)
  }

  private static func status(_ record: JSONValue, _ folder: RunFolder) throws(Failure) -> RunStatus {
    guard record["schema"] == 1, record["sessions"]?.array != nil,
      let status = record["status"]?.string.flatMap(RunStatus.init)
    else {
      throw Failure(.badData, "\(folder.record): not the record of a run; check whether another program wrote it.")
    }
    return status
  }

  /// The settings; those that an older version did not know have their defaults. None before the run has written them.
  private static func settings(_ folder: RunFolder) throws(Failure) -> [String: JSONValue] {
    guard Folder.kind(folder.configuration) == .file else { return [:] }
    guard case .object(let members) = try ConfigurationFile.content(of: folder.configuration) else {
      throw Failure(.badData, "\(folder.configuration): not a run's settings; expected an object.")
    }
    return defaults.merging(members.filter { $0.name != "schema" }.map { ($0.name, $0.value) }) { $1 }
  }

  private static let defaults = Dictionary(
    SettingField.all.map { ($0.key, $0.read(TrainSettings())) }, uniquingKeysWith: { $1 })

  private static func epochs(_ folder: RunFolder) throws -> [RunHistory.Epoch] {
    guard Folder.kind(folder.metrics) == .file else { return [] }
    return try RunHistory.epochs(try wholeLines(folder.metrics), path: folder.metrics)
  }

  /// The seconds of the finished epochs, from their events.
  private static func seconds(_ folder: RunFolder) throws -> Double? {
    guard Folder.kind(folder.events) == .file else { return nil }
    var seconds: Double?
    for line in try wholeLines(folder.events).split(separator: "\n") where line.hasPrefix(#"{"event":"epoch""#) {
      let event = try? JSONReader.value(of: Array(line.utf8))
      if let more = event?["seconds"]?.number { seconds = (seconds ?? 0) + more }
    }
    return seconds
  }

  /// The complete lines of a file: a process may be writing the last one.
  private static func wholeLines(_ path: String) throws(FileError) -> String {
    let bytes = try FileReader.bytes(ofFileAt: path, maximumByteCount: 1 << 26)
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return String(decoding: bytes[..<end], as: UTF8.self)
  }
}
