internal import Files
package import JacquardEngine
package import Support

extension ModelReference {
  /// Whether a model's file says how pixels become its inputs; a name, and a file that leaves it out, stand for Fashion-MNIST's.
  static func statesPreprocessing(_ text: String) throws(Failure) -> Bool {
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
  /// - Throws: a `Failure`: `usage` for an unknown name, `noInput` for a file that is not there, `badConfiguration` for one that
  ///   is no model.
  package static func model(_ text: String) throws(Failure) -> Model {
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
          throw Failure(
            .badConfiguration, "\(path): \(reason)\(reason.hasSuffix("?") ? " C" : "; c")orrect the file.")
        }
      }
    } catch {
      throw Failure(error)
    }
  }
}
