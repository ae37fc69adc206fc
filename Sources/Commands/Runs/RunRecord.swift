/// The content of `run.json`: what a run is, how it stands, where it comes from, and what it came to.
struct RunRecord: Sendable {
  /// How it stands.
  var status = RunStatus.running
  /// The model's name.
  let model: String
  /// The model's parameters.
  let parameters: Int
  /// The worker threads in use.
  let threads: Int
  /// Where the numbers come from.
  let provenance: Provenance
  /// When the run began.
  let started: String
  /// When it ended; nil while it runs.
  var ended: String?
  /// What it came to, as `train --json` prints it; nil before its end.
  var result: JSONValue?
  /// What went wrong; nil unless it failed.
  var failure: String?

  /// Describes a run that begins.
  init(model: String, parameters: Int, threads: Int, provenance: Provenance, started: String) {
    self.model = model
    self.parameters = parameters
    self.threads = threads
    self.provenance = provenance
    self.started = started
  }

  /// The content of the file.
  var json: JSONValue {
    [
      "schema": 1,
      "status": .string(status.rawValue),
      "model": .string(model),
      "parameters": .integer(parameters),
      "threads": .integer(threads),
      "started": .string(started),
      "ended": ended.map(JSONValue.string) ?? .null,
      "provenance": provenance.json,
      "result": result ?? .null,
      "failure": failure.map(JSONValue.string) ?? .null,
    ]
  }
}
