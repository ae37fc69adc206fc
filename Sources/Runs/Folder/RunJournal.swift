package import Files
package import Support

/// Writes down a run while it happens. Every file is complete at every moment: replaced in one step, or grown line by line.
package struct RunJournal {
  /// How much of the files that grow belongs to a saved state; what stands behind it is cut off when the run is resumed.
  package struct Sizes: Equatable, Sendable {
    /// Bytes of `metrics.csv`.
    package var metrics: Int
    /// Bytes of `events.jsonl`.
    package var events: Int
  }

  /// Where it is written.
  package let folder: RunFolder
  private var record: RunRecord
  private let metrics: MetricsFile
  private let events: EventLog

  /// Begins a run, or goes on with one: writes the configuration and the record of a running run.
  ///
  /// - Parameter sizes: How much of the files to keep; nil for a run that begins.
  init(folder: RunFolder, settings: TrainSettings, record: RunRecord, sizes: Sizes?) throws {
    self.folder = folder
    self.record = record
    try folder.checkPlace()
    // Where there is a configuration, there is a run that can be resumed, if only from its beginning: the record, which knows the
    // data, comes before it, and all else after.
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

  /// The sizes of the files that grow, once all of them is on the disk.
  func durableSizes() throws(FileError) -> Sizes {
    Sizes(metrics: try metrics.durableByteCount(), events: try events.durableByteCount())
  }

  /// Writes down a finished epoch.
  package func append(_ epoch: EpochSummary, isBest: Bool) throws(FileError) {
    try metrics.append(epoch)
    try events.append(
      "epoch",
      epoch.members + [
        .init(name: "best", value: .bool(isBest)),
        .init(name: "resident_memory_bytes", value: CurrentProcess.residentMemory.map(JSONValue.integer) ?? .null),
      ])
  }

  /// Writes down something else that happened.
  package func append(event: String, _ members: [JSONValue.Member]) throws(FileError) {
    try events.append(event, members)
  }

  /// Ends the session with its result: the last event, then the record.
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
    // The record says that all of it is there, unless it says that something is not.
    if failure == nil { _ = try durableSizes() }
    try AtomicFile.write(text: record.json.indentedText + "\n", to: folder.record)
  }
}
