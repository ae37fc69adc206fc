internal import Files
internal import JacquardEngine
internal import Runs
internal import Support

/// A run from its folder, checked for consistency: the training to repeat, and its expected outcome.
struct RecordedRun {
  /// The folder.
  let folder: RunFolder
  /// The settings in `config.json`.
  let settings: TrainSettings
  /// The content of `run.json`.
  let past: PastRecord
  /// The SHA-256 of the run's final weights; nil if it was killed or failed.
  let weightsSHA256: String?
  /// The weights; nil if their file is missing and only its SHA-256 is known.
  let weights: RecordedWeights?
  /// The settings that it used, and when.
  let timeline: RunTimeline
  /// Its metrics; nil if there are none to compare.
  let rows: RecordedRows?
  /// The number of steps done.
  let lastStep: Int
  /// The number of epochs begun.
  let lastEpoch: Int
  /// Assumptions and omissions.
  let notes: [String]

  /// Reads a run folder, without changing or locking anything.
  ///
  /// - Throws: a `Failure`: `noInput` if there is no run, or nothing to compare with, `badData` if its files contradict each
  ///   other, `badConfiguration` for an invalid configuration.
  init(_ path: String) throws(Failure) {
    folder = RunFolder(existing: path)
    try Self.checkKind(folder.path, folder)
    try folder.checkFiles()
    let configuration = (folder.configuration, try ConfigurationFile.content(of: folder.configuration))
    settings = try TrainSettings.resolve(file: configuration, flags: [])
    past = try Self.record(of: folder)
    weightsSHA256 = past.result?["weights_sha256"]?.string
    if Folder.kind(folder.lastWeights) == .file {
      weights = try RecordedWeights(path: folder.lastWeights, recorded: weightsSHA256)
    } else {
      weights = nil
    }
    var notes: [String] = []
    if Folder.kind(folder.events) == .file {
      timeline = try RunTimeline(path: folder.events)
    } else {
      timeline = RunTimeline(settings)
      if past.sessions.count > 1 {
        notes.append("events.jsonl is missing; assuming that no setting changed when the run was resumed")
      }
    }
    rows = RecordedRows(path: folder.metrics)
    if let weights {
      (lastStep, lastEpoch) = (weights.step, weights.epoch)
    } else {
      guard weightsSHA256 != nil, let step = past.result?["steps"]?.integer,
        let epoch = past.result?["epochs"]?.integer,
        step >= 0, Self.epochs ~= epoch
      else {
        throw Failure(
          .noInput,
          "\(folder.lastWeights) is missing, and \(folder.record) has no SHA-256 of it, so there is nothing to compare with."
        )
      }
      (lastStep, lastEpoch) = (step, epoch)
      notes.append("weights/last.safetensors is missing; comparing the SHA-256 that the file would have")
    }
    if weightsSHA256 == nil {
      notes.append("the run was interrupted and recorded no SHA-256; comparing with the weights file as it is")
    }
    self.notes = notes
    try checkSettings()
  }

  /// The number of epochs that a run can have begun.
  static let epochs = 0...100_000

  /// What ended it; for a killed or failed run, what ends its repetition at the same step.
  var end: RunEnd { past.end ?? .signal }

  /// Rejects settings that changed after the training: they did not produce the weights.
  private func checkSettings() throws(Failure) {
    let others = [(weights?.path, weights?.settings), (folder.events, timeline.sessions.last?.settings)]
    for case (let path?, let other?) in others {
      guard let (key, now, then) = settings.firstDifference(from: other) else { continue }
      throw Failure(
        .badData,
        "\(folder.configuration): \"\(key)\" is \(now.text), but the run was trained with \(then.text), as \(path) says; "
          + "restore the file.")
    }
  }

  private static func checkKind(_ path: String, _ folder: RunFolder) throws(Failure) {
    switch Folder.kind(path) {
    case .nothing: throw Failure(.noInput, "\(path): there is no such run folder.")
    case .file:
      let run = CheckpointPath.run(ofWeights: path).map { ", such as \($0.path)" } ?? ""
      throw Failure(.noInput, "\(path): this is a file, not a run folder; name a run folder\(run).")
    case .folder: break
    }
    guard Folder.kind(folder.configuration) == .file else {
      throw Failure(.noInput, "\(path): not a run folder; \(folder.configuration) is missing.")
    }
  }

  private static func record(of folder: RunFolder) throws(Failure) -> PastRecord {
    guard Folder.kind(folder.record) == .file else {
      throw Failure(
        .noInput, "\(folder.record) is missing, and no other file records the run's data; restore it.")
    }
    guard let past = PastRecord(path: folder.record) else {
      throw Failure(.badData, "\(folder.record): this is not the record of a run; the file is damaged.")
    }
    guard !past.data.isEmpty else {
      throw Failure(
        .badData, "\(folder.record): the record does not name the run's data; the file is damaged.")
    }
    return past
  }
}

extension TrainSettings {
  /// The first setting that affects numbers and differs; nil if all are equal.
  func firstDifference(from other: TrainSettings) -> (key: String, value: JSONValue, other: JSONValue)? {
    let (one, other) = (withoutCircumstances, other.withoutCircumstances)
    for field in SettingField.all where field.read(one) != field.read(other) {
      return (field.key, field.read(one), field.read(other))
    }
    return nil
  }
}
