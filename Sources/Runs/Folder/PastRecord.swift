internal import Files
package import Support

/// The content of `run.json` of a run whose process has ended.
package struct PastRecord: Sendable {
  /// Its status at the end; `running` means that its process died.
  package let status: RunStatus
  /// What ended it; nil after an error, and while it runs.
  package let end: RunEnd?
  /// Its result; nil unless it finished.
  package let result: JSONValue?
  /// When it began.
  package let started: String?
  /// Its sessions; an unfinished one has the status `killed`.
  package let sessions: [JSONValue]
  /// Its data files, by path and SHA-256.
  package let data: [Provenance.DataFile]
  /// The weights file that it started from; nil for random weights, and in records of older versions.
  package let initialWeights: Provenance.DataFile?
  /// The version of the program that last worked on it.
  package let version: String?
  /// The process ID of the last session.
  package let process: Int?

  /// Reads the file at `path`. Nil if it is missing or was not written by this program: resuming does not need it.
  package init?(path: String) {
    guard Folder.isRegularFile(path),
      let bytes = try? FileReader.bytes(ofFileAt: path, maximumByteCount: 1 << 24),
      let content = try? JSONReader.value(of: bytes), content["schema"] == 1, content["sessions"]?.array != nil
    else { return nil }
    status = content["status"]?.string.flatMap(RunStatus.init) ?? .running
    end = content["ended_by"]?.string.flatMap(RunEnd.init)
    result = content["result"].flatMap { $0 == .null ? nil : $0 }
    started = content["started"]?.string
    sessions = (content["sessions"]?.array ?? []).map(Self.closed)
    process = sessions.last?["process"]?.integer
    data = (content["provenance"]?["data"]?.array ?? []).compactMap(Provenance.DataFile.init)
    initialWeights = content["provenance"]?["init_from"].flatMap(Provenance.DataFile.init)
    version = content["provenance"]?["version"]?.string
    // Older records contain only the files, which were in the folder.
    dataPath =
      content["provenance"]?["data_path"]?.string
      ?? data.first.map { PathText.folder($0.path) ?? "." }
  }

  /// The folder or file of its data; nil if the record does not say.
  package let dataPath: String?

  private static func closed(_ session: JSONValue) -> JSONValue {
    guard case .object(let members) = session, session["status"]?.string == RunStatus.running.rawValue else {
      return session
    }
    return .object(members.map { $0.name == "status" ? .init(name: "status", value: "killed") : $0 })
  }
}
