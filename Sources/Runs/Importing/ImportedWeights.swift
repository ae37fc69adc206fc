internal import Files
internal import Interchange
package import JacquardEngine
internal import NumPy
package import Support

/// A network with weights written by another program.
package struct ImportedWeights {
  /// The network with the weights.
  package let network: Network
  /// The program whose conventions the file follows.
  package let origin: String
  private let digest: String

  /// Reads an `.npz` file (from `export`, or with a Keras model's weights), or a PyTorch state dictionary.
  ///
  /// - Parameters:
  ///   - text: A model's name or file. A name without a shape stands for the images and classes that the weights are for.
  ///   - stated: A preprocessing instead of the model's; nil for the model's.
  /// - Throws: a `Failure` or an `InterchangeError`.
  package init(_ path: String, model text: String, preprocessing stated: Normalization?) throws {
    func model(fitting tensors: [String: [Int]]) throws(Failure) -> Model {
      var model = try ModelReference.model(text, fitting: tensors)
      if let stated {
        try Checkpoint.check(stated, for: model, path: path)
        model.preprocessing = stated
      }
      return model
    }
    let isPyTorch = ForeignWeights.isPyTorch(path)
    if isPyTorch || path.endsWith(bytesOf: ".safetensors") {
      let file = try Checkpoint.read(path)
      let model = try model(fitting: file.shapes)
      try Checkpoint.check(file, path: path, holds: try model.tensors(), of: model)
      network = try Network(awaitingWeights: model)
      try Checkpoint.load(file, path: path, into: network)
      origin = isPyTorch ? "pytorch" : "safetensors"
      digest = try SHA256.hexadecimal(ofFileAt: path)
      return
    }
    let bytes = try FileReader.bytes(ofFileAt: path, maximumByteCount: 4 << 30)
    let archive: NumPyArchive
    do throws(NumPyArchiveError) {
      archive = try NumPyArchive(file: bytes, path: path)
    } catch {
      throw Failure(.badData, text: error.description)
    }
    network = try Network(
      awaitingWeights: try model(fitting: Dictionary(archive.members.map { ($0.name, $0.array.shape) }) { $1 }))
    digest = SHA256.hexadecimal(of: bytes)
    if let keras = KerasWeights(archive) {
      origin = "keras"
      do throws(WeightsMismatch) {
        try keras.load(into: network)
      } catch {
        if error.isUnsound { throw Failure(.badData, "\(path): \(error).") }
        throw Failure(.badData, "\(path): \(error); name the weights' model with \(.model).")
      }
    } else {
      origin = "numpy"
      let tensors = try archive.members.map { member in
        guard member.array.elementType.isFloatingPoint else {
          throw Failure(
            .badData,
            "\(path): the array \"\(member.name)\" contains \(member.array.elementType), not floating-point numbers.")
        }
        return NamedTensor(name: member.name, shape: member.array.shape, values: member.array.floats)
      }
      try Checkpoint.load(SafetensorsFile(tensors: tensors), path: path, into: network)
    }
  }

  /// How the weights were made.
  package var provenance: JSONValue {
    ["version": .string(Version.current), "imported_from": .string(origin), "file_sha256": .string(digest)]
  }
}
