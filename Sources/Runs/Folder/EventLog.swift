internal import Files
internal import Support

/// `events.jsonl`: one JSON line per event, for programs that follow a run.
struct EventLog {
  private let file: AppendFile
  private let timestamp: () -> String

  /// Creates the file, or cuts an existing one to `byteCount` bytes.
  ///
  /// - Parameter timestamp: The current time, as ISO 8601.
  init(path: String, keeping byteCount: Int, timestamp: @escaping () -> String) throws(FileError) {
    file = try AppendFile(path: path, keeping: byteCount)
    self.timestamp = timestamp
  }

  /// The size of the file, after everything has reached the disk.
  func durableByteCount() throws(FileError) -> Int {
    try file.synchronize()
    return file.byteCount ?? 0
  }

  /// Adds an event: `event`, `time`, then its own members.
  func append(_ event: String, _ members: [JSONValue.Member] = []) throws(FileError) {
    let head = [
      JSONValue.Member(name: "event", value: .string(event)), .init(name: "time", value: .string(timestamp())),
    ]
    try file.append(line: JSONValue.object(head + members).text)
  }
}
