internal import Interchange
internal import Jacquard

extension Checkpoint {
  /// Loads the weights of a file or a run folder into a network, whatever model the file says it is for.
  static func load(_ checkpoint: String, into network: Network) throws(CommandFailure) {
    let path = try CheckpointPath.weights(of: checkpoint)
    try load(try read(path), path: path, into: network)
  }

  /// Reads a weights file, or an ONNX model as one.
  static func read(_ path: String) throws(CommandFailure) -> SafetensorsFile {
    if ImportedModel.isMeant(by: path) { return try ImportedModel(path).file }
    do throws(InterchangeError) {
      return try SafetensorsFile(contentsOf: path)
    } catch {
      throw CommandFailure(describing: error)
    }
  }

  /// Puts a file's tensors into a network; every one of both must have its counterpart, of the same shape.
  static func load(_ file: SafetensorsFile, path: String, into network: Network) throws(CommandFailure) {
    try check(file, path: path, holds: network.tensors, of: network.model)
    for tensor in network.tensors {
      if let found = file[tensor.name] { network.importTensor(tensor, found.values) }
    }
  }

  /// Refuses a file that does not hold exactly a model's tensors, each in its shape.
  static func check(
    _ file: SafetensorsFile, path: String, holds tensors: [NetworkTensor], of model: Model
  ) throws(CommandFailure) {
    func refusal(_ message: String) -> CommandFailure {
      CommandFailure(.badData, "\(path): \(message); the weights do not belong to the model \"\(model.name)\".")
    }
    let names = Set(tensors.map(\.name))
    if let extra = file.tensors.first(where: { !names.contains($0.name) }) {
      throw refusal("the tensor \"\(extra.name)\" \(extra.shape) is in the file, but not in the model")
    }
    for tensor in tensors {
      let expected = tensor.specification.order.fileShape
      guard let found = file[tensor.name] else {
        if let other = file.skipped.first(where: { $0.name == tensor.name }) {
          throw refusal("the tensor \"\(tensor.name)\" holds \(other.elementType.rawValue), not floating point numbers")
        }
        throw refusal("the tensor \"\(tensor.name)\" \(expected) is missing in the file")
      }
      guard found.shape == expected else {
        throw refusal("the tensor \"\(tensor.name)\" should have the shape \(expected), but has \(found.shape)")
      }
    }
  }

  /// The file of a network at one moment: its tensors, and its model, preprocessing and origin as metadata.
  static func file(
    of network: Network, _ numbers: NetworkSnapshot, provenance: JSONValue
  ) throws(ModelError) -> SafetensorsFile {
    return SafetensorsFile(
      metadata: try metadata(of: network.model, provenance: provenance)
        .merging([MetadataKey.format: "pt"]) { $1 },
      tensors: network.tensors.map {
        NamedTensor(name: $0.name, shape: $0.specification.order.fileShape, values: numbers.values(of: $0))
      })
  }

  /// The file of a model and the tensors that belong to it, as another program gave them.
  static func file(
    of model: Model, _ tensors: [NamedTensor], provenance: JSONValue
  ) throws(ModelError) -> SafetensorsFile {
    SafetensorsFile(
      metadata: try metadata(of: model, provenance: provenance).merging([MetadataKey.format: "pt"]) { $1 },
      tensors: tensors)
  }

  /// What files say about a model: itself, its preprocessing and its origin.
  static func metadata(of model: Model, provenance: JSONValue) throws(ModelError) -> [String: String] {
    let preprocessing: JSONValue = [
      "scale": .number(model.preprocessing.scale),
      "mean": .array(model.preprocessing.mean.map(JSONValue.number)),
      "deviation": .array(model.preprocessing.deviation.map(JSONValue.number)),
    ]
    return [
      MetadataKey.model: String(decoding: try model.json(), as: UTF8.self),
      MetadataKey.preprocessing: preprocessing.text,
      MetadataKey.provenance: provenance.text,
    ]
  }
}
