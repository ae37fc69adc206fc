internal import Files
package import JacquardEngine
package import Support

/// The model of `--model`: a named one, or a file.
package enum ModelReference: Equatable, Sendable {
  /// A model that the engine knows by name, perhaps for certain images.
  case named(NamedModel)
  /// A JSON file, a file of weights, or a run folder.
  case file(String)

  /// The extensions of files that contain a model.
  private static let endings = [".json", ".safetensors", ".onnx"]

  /// Reads a name, which a shape may follow, or a path: text that ends in `.json`, `.safetensors` or `.onnx`, or contains a slash, is a
  /// path; so is a folder's name.
  ///
  /// - Throws: a `Failure` for an unknown name, with the nearest known one, and for an invalid shape.
  package init(_ text: String) throws(Failure) {
    let name = text.prefix { $0 != ":" }
    if let named = try? NamedModel(text) {
      self = .named(named)
    } else if Self.endings.contains(where: text.endsWith(bytesOf:)) || PathText.hasFolder(text)
      || Folder.kind(text) == .folder
    {
      self = .file(text)
    } else if Model.names.contains(String(name)) {
      throw Failure(
        .usage,
        "Unknown model '\(text)'. After a model's name come height, width and channels, and the number of classes, as in "
          + "'\(name):224x224x3:1000'.")
    } else {
      let hint = Suggestion.closest(to: String(name), among: Model.names).map { "Did you mean '\($0)'?" }
      let list = Model.names.joined(separator: ", ")
      throw Failure(
        .usage, "Unknown model '\(text)'. \(hint ?? "Give one of \(list), or the path of a JSON file.")")
    }
  }
}

extension ModelReference {
  /// Whether a model's file defines how pixels become its inputs; a name, or a file without it, stands for Fashion-MNIST's.
  static func statesPreprocessing(_ text: String) throws(Failure) -> Bool {
    guard case .file(let path)? = try? ModelReference(text) else { return false }
    if path.endsWith(bytesOf: ".safetensors") || ImportedModel.isMeant(by: path) {
      return try Checkpoint(path, model: nil).preprocessingOrigin != .assumed
    }
    guard let bytes = try? FileReader.bytes(ofFileAt: path, maximumByteCount: 1 << 24),
      let content = try? JSONReader.value(of: bytes)
    else { return false }
    return content["preprocessing"] != nil
  }

  private static func isCheckpoint(_ path: String) -> Bool {
    Folder.kind(path) == .folder || path.endsWith(bytesOf: ".safetensors") || ImportedModel.isMeant(by: path)
  }

  /// The model of a name or a path, and the zeros among its weights; nil without weights.
  package static func modelAndSparsity(_ text: String) throws(Failure) -> (model: Model, sparsity: Sparsity?) {
    guard case .file(let path) = try ModelReference(text), isCheckpoint(path) else { return (try model(text), nil) }
    let checkpoint = try Checkpoint(path, model: nil)
    return (checkpoint.model, try checkpoint.sparsity())
  }

  /// The model of a name or a path.
  ///
  /// - Parameter tensors: The shapes of a named model's tensors, which determine its images and classes unless the text does.
  /// - Throws: a `Failure`: `usage` for an unknown name, `noInput` for a missing file, `badConfiguration` for a file that
  ///   is not a model.
  package static func model(_ text: String, fitting tensors: [String: [Int]] = [:]) throws(Failure) -> Model {
    do {
      switch try ModelReference(text) {
      case .named(let named): return try named.model(fitting: tensors)
      case .file(let path) where isCheckpoint(path): return try Checkpoint(path, model: nil).model
      case .file(let path):
        let bytes = try FileReader.bytes(ofFileAt: path, maximumByteCount: 1 << 24)
        do throws(ModelError) {
          return try Model(json: bytes)
        } catch {
          let reason = (error.position.map { "\($0): " } ?? "") + error.description
          throw Failure(
            .badConfiguration, "\(path): \(reason)\(reason.hasSuffix("?") ? " C" : "; c")orrect the file.")
        }
      }
    } catch {
      throw Failure(error)
    }
  }
}
