internal import Files
internal import Runs
package import Support

/// Which checkpoints are meant: files, run folders, folders full of either, patterns, and lists of all these.
package enum CheckpointList {
  /// The endings of files that a folder is looked through for.
  private static let endings = [".safetensors", ".onnx"]

  /// The checkpoints of arguments and of a list, each once, in the order in which they are first named.
  ///
  /// - Parameter list: A file with a name, folder or pattern per line; empty lines and those that begin with # mean nothing.
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

  /// What a name stands for; itself where it is nothing else, so that it shows what is wrong with it.
  private static func expanded(_ name: String) -> [String] {
    if Folder.kind(name) == .nothing, Glob.isPattern(name) {
      let paths = Glob.paths(name).flatMap(expanded)
      return paths.isEmpty ? [name] : paths
    }
    guard Folder.kind(name) == .folder, !isRun(name) else { return [name] }
    let base = PathText.joined(name, "")
    // What begins with a dot is the system's: macOS puts `._a.onnx` beside `a.onnx`.
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
