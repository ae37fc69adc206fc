internal import Support
internal import Files
internal import JacquardEngine
internal import Support

extension ModelReference {
  /// Whether a model's file says how pixels become its inputs; a name, and a file that leaves it out, stand for Fashion-MNIST's.
  static func statesPreprocessing(_ text: String) throws(CommandFailure) -> Bool {
    guard case .file(let path)? = try? ModelReference(text, names: Model.names) else { return false }
    if path.endsWith(bytesOf: ".safetensors") || ImportedModel.isMeant(by: path) {
      return try Checkpoint(path, model: nil).preprocessingOrigin != .assumed
    }
    guard let bytes = try? FileReader.bytes(ofFileAt: path, maximumByteCount: 1 << 24),
      let content = try? JSONReader.value(of: bytes)
    else { return false }
    return content["preprocessing"] != nil
  }

  /// The model of a name or a path.
  ///
  /// - Throws: a `CommandFailure`: 64 for an unknown name, 66 for a file that is not there, 78 for one that is no model.
  static func model(_ text: String) throws(CommandFailure) -> Model {
    do {
      switch try ModelReference(text, names: Model.names) {
      case .named(let name): return try Model.named(name)
      case .file(let path)
      where Folder.kind(path) == .folder || path.endsWith(bytesOf: ".safetensors") || ImportedModel.isMeant(by: path):
        return try Checkpoint(path, model: nil).model
      case .file(let path):
        let bytes = try FileReader.bytes(ofFileAt: path, maximumByteCount: 1 << 24)
        do throws(ModelError) {
          return try Model(json: bytes)
        } catch {
          let reason = (error.position.map { "\($0): " } ?? "") + error.description
          throw CommandFailure(
            .badConfiguration, "\(path): \(reason)\(reason.hasSuffix("?") ? " C" : "; c")orrect the file.")
        }
      }
    } catch {
      throw CommandFailure(describing: error)
    }
  }
}
