internal import Glibc

/// The folder that holds all of a training run.
struct RunFolder: Sendable {
  /// The folder's path, as it is shown: relative if it was given so.
  let path: String

  /// Creates the folder of a new run.
  ///
  /// Without `requested` it is `runs/NAME-N` in the current folder, with the first N that is free. Processes that start at the same
  /// moment get different ones.
  ///
  /// - Parameters:
  ///   - requested: The folder that the user asked for; it must not exist, or be empty.
  ///   - name: The model's name.
  /// - Throws: a `CommandFailure` with exit code 73.
  init(requested: String?, name: String) throws(CommandFailure) {
    if let requested {
      path = try Self.claim(requested)
    } else {
      path = try Self.makeNext(name: name)
    }
    try Folder.makeWithParents(path + "/weights")
  }

  /// The folder of a run that exists.
  init(existing path: String) {
    self.path = Self.trimmed(path)
  }

  /// The resolved configuration.
  var configuration: String { path + "/config.json" }
  /// What the run is, how it stands, and what it came to.
  var record: String { path + "/run.json" }
  /// One row per epoch.
  var metrics: String { path + "/metrics.csv" }
  /// One JSON line per event.
  var events: String { path + "/events.jsonl" }
  /// The weights after the last step that was saved.
  var lastWeights: String { path + "/weights/last.safetensors" }
  /// The weights of the epoch that did best on the validation set.
  var bestWeights: String { path + "/weights/best.safetensors" }

  private static func claim(_ requested: String) throws(CommandFailure) -> String {
    let folder = trimmed(requested)
    switch Folder.kind(folder) {
    case .nothing: try Folder.makeWithParents(folder)
    case .file:
      throw CommandFailure(.cannotCreate, "--out \(folder): this is a file; name a folder that does not exist yet.")
    case .folder:
      guard Folder.names(folder)?.isEmpty == true else {
        throw CommandFailure(
          .cannotCreate, "--out \(folder): the folder is not empty; name one that is, or one that does not exist yet.")
      }
    }
    return folder
  }

  /// The path without slashes at its end.
  private static func trimmed(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return String(path)
  }

  private static func makeNext(name: String) throws(CommandFailure) -> String {
    try Folder.makeWithParents("runs")
    // A model's name may come from a file and hold anything; a folder's name must not.
    let kept = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._".contains($0)) ? $0 : "-" }
    var number = 1
    while true {
      let path = "runs/\(String(kept))-\(number)"
      guard let failure = Folder.make(path) else { return path }
      guard failure == EEXIST else {
        throw CommandFailure(
          .cannotCreate,
          "\(path): cannot create the run folder: \(SystemError.text(failure)); choose another with --out.")
      }
      number += 1
    }
  }
}
