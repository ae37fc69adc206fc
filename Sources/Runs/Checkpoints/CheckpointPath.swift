internal import Files
package import Support

/// Finds the weights of a checkpoint, the argument CHECKPOINT of verbs.
package enum CheckpointPath {
  /// The run folder that contains a weights file; nil if the file is elsewhere.
  package static func run(ofWeights path: String) -> RunFolder? {
    let parts = path.parts(separatedBy: "/")
    guard parts.count > 2, parts[parts.count - 2] == "weights" else { return nil }
    let run = RunFolder(existing: parts.dropLast(2).joined(separator: "/"))
    return Folder.kind(run.record) == .file ? run : nil
  }

  /// The run folder that contains a weights or state file, and the name of the file's folder; nil for a file elsewhere.
  static func runFolder(of path: String) -> (run: RunFolder, folder: String)? {
    let parts = path.parts(separatedBy: "/")
    guard parts.count > 2, ["weights", "state"].contains(parts[parts.count - 2]) else { return nil }
    let run = RunFolder(existing: parts.dropLast(2).joined(separator: "/"))
    return Folder.kind(run.configuration) == .file ? (run, parts[parts.count - 2]) : nil
  }

  /// The weights file of a run folder (its last weights), of a path to a file, or of the name of a run that comes with the program.
  ///
  /// - Throws: a `Failure` of the kind `noInput`.
  package static func weights(of path: String) throws(Failure) -> String {
    let path = ShippedRuns.located(path)
    switch Folder.kind(path) {
    case .file: return path
    case .nothing:
      let names = ShippedRuns.names
      let shipped = names.isEmpty || path.contains("/") ? "" : ", or one of the names \(names.joined(separator: ", "))"
      throw Failure(
        .noInput, "\(path): there is no such checkpoint; give a run folder, a .safetensors or an .onnx file\(shipped).")
    case .folder:
      let run = RunFolder(existing: path)
      try run.checkFiles()
      let weights = run.lastWeights
      guard Folder.kind(weights) == .file else {
        throw Failure(.noInput, "\(path): this folder contains no run; \(weights) is missing.")
      }
      return weights
    }
  }
}
