internal import Support

/// One process's part of a run, as `run.json` lists it.
struct RunSession: Sendable {
  /// The process ID.
  let process: Int
  /// The number of worker threads.
  let threads: Int
  /// Processor and BLAS: equal bits are promised only for equal ones.
  let machine: JSONValue
  /// When it began.
  let started: String
  /// The steps of the run done at its start.
  let firstStep: Int
  /// When it ended; nil while it runs.
  var ended: String?
  /// The steps of the run done at its end; nil while it runs.
  var lastStep: Int?
  /// Its status.
  var status = RunStatus.running
  /// What ended it; nil while it runs, and after an error.
  var end: RunEnd?

  /// The session as in `run.json`.
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
