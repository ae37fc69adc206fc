internal import Support

/// The content of `run.json`: a run's description, status, origin and result.
struct RunRecord: Sendable {
  /// The model's name.
  let model: String
  /// The model's parameters.
  let parameters: Int
  /// The origin of the numbers.
  let provenance: Provenance
  /// When the run began.
  let started: String
  /// The sessions before this one.
  let previousSessions: [JSONValue]
  /// This session.
  var session: RunSession
  /// The result, as `train --json` prints it; nil before the end.
  var result: JSONValue?
  /// The failure; nil unless it failed.
  var failure: String?

  /// Describes a new run, or one that continues after `past`.
  init(model: String, parameters: Int, provenance: Provenance, session: RunSession, past: PastRecord?) {
    self.model = model
    self.parameters = parameters
    self.provenance = provenance
    self.session = session
    started = past?.started ?? session.started
    previousSessions = past?.sessions ?? []
  }

  /// The content of the file.
  var json: JSONValue {
    [
      "schema": 1,
      "status": .string(session.status.rawValue),
      "ended_by": session.end.map { .string($0.rawValue) } ?? .null,
      "model": .string(model),
      "parameters": .integer(parameters),
      "threads": .integer(session.threads),
      "started": .string(started),
      "ended": session.ended.map(JSONValue.string) ?? .null,
      "sessions": .array(previousSessions + [session.json]),
      "provenance": provenance.json,
      "result": result ?? .null,
      "failure": failure.map(JSONValue.string) ?? .null,
    ]
  }
}
