internal import Files
internal import JacquardEngine
internal import Runs
internal import Support

/// A run as its folder holds it, checked for fitting together: what is trained again, and what has to come out.
struct RecordedRun {
  /// The folder.
  let folder: RunFolder
  /// What `config.json` says.
  let settings: TrainSettings
  /// What `run.json` says.
  let past: PastRecord
  /// The SHA-256 of the weights that the run ended with; nil where it was killed or met an error.
  let weightsSHA256: String?
  /// The weights; nil where their file is gone and only its SHA-256 is known.
  let weights: RecordedWeights?
  /// Which settings it followed when.
  let timeline: RunTimeline
  /// Its metrics; nil where there are none to compare with.
  let rows: RecordedRows?
  /// The steps that it did.
  let lastStep: Int
  /// The epochs that it began.
  let lastEpoch: Int
  /// What had to be taken for granted, or is left out.
  let notes: [String]

  /// Reads a run folder. Nothing in it is changed or locked.
  ///
  /// - Throws: a `Failure`: `noInput` if no run is there, or nothing to compare with, `badData` where its files contradict each
  ///   other, `badConfiguration` for a configuration that cannot be used.
  init(_ path: String) throws(Failure) {
    folder = RunFolder(existing: path)
    try Self.checkKind(path, folder)
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
        notes.append("events.jsonl is not there: no setting is thought to have changed when the run was resumed")
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
          "\(folder.lastWeights) is not there, and \(folder.record) has no SHA-256 of it: there is nothing to compare with."
        )
      }
      (lastStep, lastEpoch) = (step, epoch)
      notes.append("weights/last.safetensors is not there: compared is the SHA-256 that the file would have")
    }
    if weightsSHA256 == nil {
      notes.append("the run did not end by itself, so it recorded no SHA-256: compared is the weights file as it is")
    }
    self.notes = notes
    try checkSettings()
  }

  /// The epochs that a run can have begun.
  static let epochs = 0...100_000

  /// What ended it; for one that was killed or met an error, what ends its repetition at the same step.
  var end: RunEnd { past.end ?? .signal }

  /// Refuses settings that were changed after the training: the weights cannot come from them.
  private func checkSettings() throws(Failure) {
    let others = [(weights?.path, weights?.settings), (folder.events, timeline.sessions.last?.settings)]
    for case (let path?, let other?) in others {
      guard let (key, now, then) = settings.firstDifference(from: other) else { continue }
      throw Failure(
        .badData,
        "\(folder.configuration): \"\(key)\" is \(now.text), but the run was trained with \(then.text), as \(path) says; "
          + "put the file back as it was.")
    }
  }

  private static func checkKind(_ path: String, _ folder: RunFolder) throws(Failure) {
    switch Folder.kind(path) {
    case .nothing: throw Failure(.noInput, "\(path): there is no such run folder.")
    case .file:
      let run = CheckpointPath.run(ofWeights: path).map { ", such as \($0.path)" } ?? ""
      throw Failure(.noInput, "\(path): this is a file; name a run folder\(run).")
    case .folder: break
    }
    guard Folder.kind(folder.configuration) == .file else {
      throw Failure(.noInput, "\(path): this is no run folder: \(folder.configuration) is not there.")
    }
  }

  private static func record(of folder: RunFolder) throws(Failure) -> PastRecord {
    guard Folder.kind(folder.record) == .file else {
      throw Failure(
        .noInput, "\(folder.record) is not there: nothing else says which data the run had; put the file back.")
    }
    guard let past = PastRecord(path: folder.record) else {
      throw Failure(.badData, "\(folder.record): this is no record of a run; the file is damaged.")
    }
    guard !past.data.isEmpty else {
      throw Failure(
        .badData, "\(folder.record): the record does not say which data the run had; the file is damaged.")
    }
    return past
  }
}

extension TrainSettings {
  /// The first setting that decides numbers and differs; nil where all are the same.
  func firstDifference(from other: TrainSettings) -> (key: String, value: JSONValue, other: JSONValue)? {
    let (one, other) = (withoutCircumstances, other.withoutCircumstances)
    for field in SettingField.all where field.read(one) != field.read(other) {
      return (field.key, field.read(one), field.read(other))
    }
    return nil
  }
}
