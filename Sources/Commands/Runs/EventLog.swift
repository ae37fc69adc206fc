internal import Interchange

/// `events.jsonl`: one JSON line per event, for programs that follow a run.
struct EventLog {
  private let file: AppendFile
  private let timestamp: () -> String

  /// Creates the file.
  ///
  /// - Parameter timestamp: The time of day, as ISO 8601.
  init(path: String, timestamp: @escaping () -> String) throws(FileError) {
    file = try AppendFile(path: path)
    self.timestamp = timestamp
  }

  /// Adds an event: `event` and `time`, and then its own members.
  func append(_ event: String, _ members: [JSONValue.Member] = []) throws(FileError) {
    let head = [
      JSONValue.Member(name: "event", value: .string(event)), .init(name: "time", value: .string(timestamp())),
    ]
    try file.append(line: JSONValue.object(head + members).text)
  }
}
