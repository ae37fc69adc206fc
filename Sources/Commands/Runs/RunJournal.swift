internal import Interchange

/// Writes down a run while it happens. Every file is complete at every moment: replaced in one step, or grown line by line.
struct RunJournal {
  /// Where it is written.
  let folder: RunFolder
  private var record: RunRecord
  private let metrics: MetricsFile
  private let events: EventLog

  /// Begins: writes the configuration and the record of a running run.
  init(folder: RunFolder, settings: TrainSettings, record: RunRecord) throws(FileError) {
    self.folder = folder
    self.record = record
    try AtomicFile.write(text: settings.json.indentedText + "\n", to: folder.configuration)
    try AtomicFile.write(text: record.json.indentedText + "\n", to: folder.record)
    metrics = try MetricsFile(path: folder.metrics)
    events = try EventLog(path: folder.events) { SystemClock.timestamp }
    try events.append(
      "start", [.init(name: "model", value: .string(record.model)), .init(name: "settings", value: settings.json)])
  }

  /// Writes down a finished epoch.
  func append(_ epoch: EpochSummary, isBest: Bool) throws(FileError) {
    try metrics.append(epoch)
    try events.append(
      "epoch",
      [
        .init(name: "epoch", value: .integer(epoch.epoch)),
        .init(name: "steps", value: .integer(epoch.steps)),
        .init(name: "learning_rate", value: .number(epoch.learningRate)),
        .init(name: "train", value: epoch.training.json),
        .init(name: "validation", value: epoch.validation?.json ?? .null),
        .init(name: "best", value: .bool(isBest)),
        .init(name: "images_per_second", value: .rounded(epoch.imagesPerSecond, decimals: 1)),
        .init(name: "seconds", value: .rounded(epoch.seconds, decimals: 3)),
      ])
  }

  /// Ends the run with its result: the last event, then the record.
  mutating func end(_ status: RunStatus, result: JSONValue?, failure: String? = nil) throws(FileError) {
    record.status = status
    record.ended = SystemClock.timestamp
    record.result = result
    record.failure = failure
    var members = [JSONValue.Member(name: "result", value: result ?? .null)]
    if let failure { members.append(.init(name: "failure", value: .string(failure))) }
    try events.append(status.event, members)
    try AtomicFile.write(text: record.json.indentedText + "\n", to: folder.record)
  }
}

extension EpochSummary.Score {
  /// Loss and accuracy as an object.
  var json: JSONValue {
    ["loss": .rounded(loss, decimals: 6), "accuracy": .rounded(accuracy, decimals: 6)]
  }
}
