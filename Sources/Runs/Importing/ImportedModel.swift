internal import Files
package import Interchange
package import JacquardEngine
package import Support

/// An ONNX file as a checkpoint: the model, its weights, and the source of its preprocessing.
package struct ImportedModel {
  /// The source of the preprocessing.
  package enum PreprocessingOrigin: String {
    /// The first nodes of the graph.
    case graph
    /// The file's metadata, as in our own files.
    case metadata
    /// No source; the default is assumed.
    case assumed = "default"
  }

  /// The checkpoint.
  package let file: SafetensorsFile
  /// The model.
  package let model: Model
  /// The source of the model's preprocessing.
  package let preprocessingOrigin: PreprocessingOrigin
  /// How the model's computation differs from the graph's, one sentence each.
  package let notes: [String]

  /// The same, as a source of checkpoints.
  package var origin: PreprocessingSource {
    switch preprocessingOrigin {
    case .graph: .graph
    case .metadata: .file
    case .assumed: .assumed
    }
  }

  /// Whether a path names an ONNX file.
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
      file = try Checkpoint.file(
        of: model, try Self.tensors(onnx.tensors, of: model), provenance: provenance,
        temperature: onnx.metadata[Checkpoint.MetadataKey.temperature])
    } catch {
      throw Failure(error)
    }
  }

  /// A graph's tensors, named by the positions of their layers, in the order of our own files and with the model's names.
  private static func tensors(_ tensors: [NamedTensor], of model: Model) throws(ModelError) -> [NamedTensor] {
    let found = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    return zip(try model.unnamed.tensors(), try model.tensors()).compactMap { place, tensor in
      found[place.name].map { NamedTensor(name: tensor.name, shape: $0.shape, values: $0.values) }
    }
  }

  /// The graph's model, with additions from the metadata of our own files.
  private static func described(_ onnx: ONNXImport) -> (Model, PreprocessingOrigin) {
    var origin: PreprocessingOrigin = onnx.preprocessingOrigin == .graph ? .graph : .assumed
    guard let text = onnx.metadata[Checkpoint.MetadataKey.model], let stated = try? Model(json: text),
      stated.inputShape == onnx.model.inputShape, stated.classNames.count == onnx.model.classNames.count
    else { return (onnx.model, origin) }
    // The graph defines the computation. If another program has rewritten it, layers may differ, but not inputs and outputs.
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

  /// Whether both prepare pixels the same way, within single precision.
  private static func agree(_ one: Model, _ other: Model) -> Bool {
    let channels = one.inputShape.channels
    return Float(one.preprocessing.scale) == Float(other.preprocessing.scale)
      && one.preprocessing.means(channels: channels) == other.preprocessing.means(channels: channels)
      && one.preprocessing.deviations(channels: channels) == other.preprocessing.deviations(channels: channels)
  }

  /// The file's name without folder and extension, reduced to characters allowed in a run folder's name.
  private static func name(_ path: String) -> String {
    let file = PathText.name(path)
    let stem = file.dropLast(file.endsWith(bytesOf: ".onnx") ? 5 : 0)
    let name = String(stem.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" })
    return name.isEmpty || name.hasPrefix(".") ? "imported" : name
  }
}
