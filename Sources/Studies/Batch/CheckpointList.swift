internal import Files
internal import Runs
package import Support

/// The checkpoints named by files, run folders, folders of either, patterns, and lists of all these.
package enum CheckpointList {
  /// The extensions of files searched for in a folder.
  private static let endings = [".safetensors", ".onnx"]

  /// The checkpoints of arguments and of a list, without duplicates, in the order of first mention.
  ///
  /// - Parameter list: A file with a name, folder or pattern per line; empty lines and lines that begin with # are ignored.
  /// - Throws: a `Failure` if the list cannot be read.
  package static func paths(_ arguments: [String], list: String?) throws(Failure) -> [String] {
    var names = arguments
    if let list { names += try lines(of: list) }
    return names.flatMap(expanded).withoutRepetitions()
  }

  private static func lines(of list: String) throws(Failure) -> [String] {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileReader.bytes(ofFileAt: list == "-" ? "/dev/stdin" : list, maximumByteCount: 1 << 26)
    } catch {
      throw Failure(error)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(
        .badData, "\(list): expected a list in UTF-8, with a checkpoint per line, found something else.")
    }
    return TextLines.trimmed(text).filter { !$0.isEmpty && !$0.beginsWith(bytesOf: "#") }
  }

  /// The files that a name stands for, or the name itself, so that a later error mentions it.
  private static func expanded(_ name: String) -> [String] {
    if Folder.kind(name) == .nothing, Glob.isPattern(name) {
      let paths = Glob.paths(name).flatMap(expanded)
      return paths.isEmpty ? [name] : paths
    }
    guard Folder.kind(name) == .folder, !isRun(name) else { return [name] }
    let base = PathText.joined(name, "")
    // Names with a leading dot belong to the system: macOS puts `._a.onnx` beside `a.onnx`.
    let names = ((try? Folder.names(name)) ?? []).filter { !$0.beginsWith(bytesOf: ".") }
    let within = names.map { base + $0 }.filter { path in
      Folder.kind(path) == .folder ? isRun(path) : endings.contains(where: path.endsWith(bytesOf:))
    }
    return within.isEmpty ? [name] : within
  }

  private static func isRun(_ path: String) -> Bool {
    let folder = RunFolder(existing: path)
    return Folder.kind(folder.configuration) == .file || Folder.kind(folder.lastWeights) == .file
  }
}
