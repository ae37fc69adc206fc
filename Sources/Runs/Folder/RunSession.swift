internal import Support

/// One process's part of a run, as `run.json` lists it.
struct RunSession: Sendable {
  /// The process's number.
  let process: Int
  /// The worker threads in use.
  let threads: Int
  /// Processor and BLAS: bits are promised for one kind of them only.
  let machine: JSONValue
  /// When it began.
  let started: String
  /// The steps of the run that were done when it began.
  let firstStep: Int
  /// When it ended; nil while it runs.
  var ended: String?
  /// The steps of the run that were done when it ended; nil while it runs.
  var lastStep: Int?
  /// How it stands.
  var status = RunStatus.running
  /// What ended it; nil while it runs, and after an error.
  var end: RunEnd?

  /// The session as `run.json` holds it.
  var json: JSONValue {
    [
      "process": .integer(process),
      "status": .string(status.rawValue),
      "ended_by": end.map { .string($0.rawValue) } ?? .null,
      "started": .string(started),
      "ended": ended.map(JSONValue.string) ?? .null,
      "first_step": .integer(firstStep),
      "last_step": lastStep.map(JSONValue.integer) ?? .null,
      "threads": .integer(threads),
      "machine": machine,
    ]
  }
}
