internal import Files
package import Interchange
package import JacquardEngine
package import Support

/// An ONNX file as a checkpoint: the model and its weights, and where its preprocessing comes from.
package struct ImportedModel {
  /// Where the preprocessing comes from.
  package enum PreprocessingOrigin: String {
    /// The graph begins with it.
    case graph
    /// The file says it beside the graph, as our own files do.
    case metadata
    /// Nothing says it: it is the default.
    case assumed = "default"
  }

  /// The checkpoint that the file amounts to.
  package let file: SafetensorsFile
  /// The model.
  package let model: Model
  /// Where the model's preprocessing comes from.
  package let preprocessingOrigin: PreprocessingOrigin
  /// What the model computes otherwise than the graph, each in one sentence.
  package let notes: [String]

  /// The same, as checkpoints know it.
  package var origin: PreprocessingSource {
    switch preprocessingOrigin {
    case .graph: .graph
    case .metadata: .file
    case .assumed: .assumed
    }
  }

  /// Whether a path is that of an ONNX file.
  package static func isMeant(by path: String) -> Bool { path.endsWith(bytesOf: ".onnx") }

  /// Reads an ONNX file.
  ///
  /// - Throws: a `Failure` that names the file, the node and the reason.
  package init(_ path: String) throws(Failure) {
    do {
      let bytes = try FileReader.bytes(ofFileAt: path, maximumByteCount: 1 << 31)
      let onnx = try ONNXImport(file: bytes, path: path, name: Self.name(path))
      (model, preprocessingOrigin) = Self.described(onnx)
      notes = onnx.notes
      let provenance: JSONValue = [
        "version": .string(Version.current), "imported_from": "onnx",
        "producer": onnx.producer.isEmpty ? .null : .string(onnx.producer),
        "file_sha256": .string(SHA256.hexadecimal(of: bytes)),
      ]
      file = try Checkpoint.file(of: model, try Self.tensors(onnx.tensors, of: model), provenance: provenance)
    } catch {
      throw Failure(error)
    }
  }

  /// A graph's tensors, which are named by where their layers stand, in the order of our own files and with the model's names.
  private static func tensors(_ tensors: [NamedTensor], of model: Model) throws(ModelError) -> [NamedTensor] {
    let found = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    return zip(try model.unnamed.tensors(), try model.tensors()).compactMap { place, tensor in
      found[place.name].map { NamedTensor(name: tensor.name, shape: $0.shape, values: $0.values) }
    }
  }

  /// What the graph says, with what the metadata of our own files says beyond it.
  private static func described(_ onnx: ONNXImport) -> (Model, PreprocessingOrigin) {
    var origin: PreprocessingOrigin = onnx.preprocessingOrigin == .graph ? .graph : .assumed
    guard let text = onnx.metadata[Checkpoint.MetadataKey.model], let stated = try? Model(json: text),
      stated.inputShape == onnx.model.inputShape, stated.classNames.count == onnx.model.classNames.count
    else { return (onnx.model, origin) }
    // The graph is what is computed. Where others have rewritten it, layers may differ, but not what goes in and what comes out.
    var model = stated.computesTheSame(as: onnx.model) ? stated : onnx.model
    model.name = stated.name
    model.classNames = onnx.metadata["class_names"] == nil ? stated.classNames : onnx.model.classNames
    model.preprocessing = stated.preprocessing
    if origin == .graph, !agree(stated, onnx.model) {
      model.preprocessing = onnx.model.preprocessing
    } else {
      origin = origin == .graph ? .graph : .metadata
    }
    return (model, origin)
  }

  /// Whether both prepare pixels in the same way, as far as single precision tells.
  private static func agree(_ one: Model, _ other: Model) -> Bool {
    let channels = one.inputShape.channels
    return Float(one.preprocessing.scale) == Float(other.preprocessing.scale)
      && one.preprocessing.means(channels: channels) == other.preprocessing.means(channels: channels)
      && one.preprocessing.deviations(channels: channels) == other.preprocessing.deviations(channels: channels)
  }

  /// The file's name without folder and ending, as far as it can be a part of a run folder's name.
  private static func name(_ path: String) -> String {
    let file = PathText.name(path)
    let stem = file.dropLast(file.endsWith(bytesOf: ".onnx") ? 5 : 0)
    let name = String(stem.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" })
    return name.isEmpty || name.hasPrefix(".") ? "imported" : name
  }
}
