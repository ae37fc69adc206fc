internal import Files
package import Support

/// Which model is meant by `--model`: one of the named ones, or a file.
package enum ModelReference: Equatable, Sendable {
  /// A model that the engine knows by name.
  case named(String)
  /// A JSON file, a file of weights, or a run folder.
  case file(String)

  /// What the names of files that hold a model end in.
  private static let endings = [".json", ".safetensors", ".onnx"]

  /// Reads a name or a path: what ends in `.json`, `.safetensors` or `.onnx`, or has a slash, is a path; so is a folder's name.
  ///
  /// - Throws: a `Failure` for a name that no model has, with the nearest one.
  package init(_ text: String, names: [String]) throws(Failure) {
    if names.contains(text) {
      self = .named(text)
    } else if Self.endings.contains(where: text.endsWith(bytesOf:)) || PathText.hasFolder(text)
      || Folder.kind(text) == .folder
    {
      self = .file(text)
    } else {
      let hint = Suggestion.closest(to: text, among: names).map { "Did you mean '\($0)'?" }
      let list = names.joined(separator: ", ")
      throw Failure(
        .usage, "Unknown model '\(text)'. \(hint ?? "Give one of \(list), or the path of a JSON file.")")
    }
  }
}
