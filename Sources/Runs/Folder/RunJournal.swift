package import Files
package import Support

/// Records a run while it happens. Every file is complete at any moment: replaced in one step, or extended line by line.
package struct RunJournal {
  /// How much of the growing files belongs to a saved state; resuming cuts off the rest.
  package struct Sizes: Equatable, Sendable {
    /// Bytes of `metrics.csv`.
    package var metrics: Int
    /// Bytes of `events.jsonl`.
    package var events: Int
  }

  /// The run folder.
  package let folder: RunFolder
  private var record: RunRecord
  private let metrics: MetricsFile
  private let events: EventLog

  /// Begins or resumes a run: writes the configuration and the record of a running run.
  ///
  /// - Parameter sizes: How much of the files to keep; nil for a new run.
  init(folder: RunFolder, settings: TrainSettings, record: RunRecord, sizes: Sizes?) throws {
    self.folder = folder
    self.record = record
    try folder.checkPlace()
    // If there is a configuration, the run can be resumed, at least from its beginning. The record, which contains the data, is
    // written before it, and everything else after it.
    try AtomicFile.write(text: record.json.indentedText + "\n", to: folder.record)
    try AtomicFile.write(text: settings.json.indentedText + "\n", to: folder.configuration)
    try folder.makeSubfolders()
    try folder.synchronizeNames()
    try folder.checkPlace()
    metrics = try MetricsFile(path: folder.metrics, keeping: sizes?.metrics ?? 0)
    events = try EventLog(path: folder.events, keeping: sizes?.events ?? 0) { SystemClock.timestamp }
    try events.append(
      sizes == nil ? "start" : "resume",
      [
        .init(name: "model", value: .string(record.model)),
        .init(name: "step", value: .integer(record.session.firstStep)),
        .init(name: "threads", value: .integer(record.session.threads)),
        .init(name: "settings", value: settings.json),
      ])
  }

  /// The sizes of the growing files, after everything has reached the disk.
  func durableSizes() throws(FileError) -> Sizes {
    Sizes(metrics: try metrics.durableByteCount(), events: try events.durableByteCount())
  }

  /// Records a finished epoch.
  package func append(_ epoch: EpochSummary, isBest: Bool) throws(FileError) {
    try metrics.append(epoch)
    try events.append(
      "epoch",
      epoch.members + [
        .init(name: "best", value: .bool(isBest)),
        .init(name: "resident_memory_bytes", value: CurrentProcess.residentMemory.map(JSONValue.integer) ?? .null),
      ])
  }

  /// Records another event.
  package func append(event: String, _ members: [JSONValue.Member]) throws(FileError) {
    try events.append(event, members)
  }

  /// Ends the session with its result: first the last event, then the record.
  package mutating func end(
    _ status: RunStatus, by end: RunEnd? = nil, step: Int, result: JSONValue?, failure: String? = nil
  ) throws(FileError) {
    record.session.status = status
    record.session.end = end
    record.session.ended = SystemClock.timestamp
    record.session.lastStep = step
    record.result = result
    record.failure = failure
    var members = [
      JSONValue.Member(name: "step", value: .integer(step)),
      .init(name: "ended_by", value: end.map { .string($0.rawValue) } ?? .null),
      .init(name: "result", value: result ?? .null),
    ]
    if let failure { members.append(.init(name: "failure", value: .string(failure))) }
    try events.append(status.event, members)
    // The record claims that everything is there, unless it says otherwise.
    if failure == nil { _ = try durableSizes() }
    try AtomicFile.write(text: record.json.indentedText + "\n", to: folder.record)
  }
}
