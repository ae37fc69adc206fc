internal import Support

/// The content of `run.json`: what a run is, how it stands, where it comes from, and what it came to.
struct RunRecord: Sendable {
  /// The model's name.
  let model: String
  /// The model's parameters.
  let parameters: Int
  /// Where the numbers come from.
  let provenance: Provenance
  /// When the run began.
  let started: String
  /// The sessions before this one.
  let previousSessions: [JSONValue]
  /// This session.
  var session: RunSession
  /// What it came to, as `train --json` prints it; nil before its end.
  var result: JSONValue?
  /// What went wrong; nil unless it failed.
  var failure: String?

  /// Describes a run that begins, or that goes on after `past`.
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
