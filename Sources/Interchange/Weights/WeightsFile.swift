internal import Support
public import JacquardEngine

/// A network's numbers as a safetensors file: tensors in PyTorch's names and layouts, and the model and its origin as metadata.
public struct WeightsFile: Sendable {
  /// The keys of the metadata.
  public enum MetadataKey {
    /// Tells readers of other programs which layout the tensors have.
    public static let format = "format"
    /// The model's JSON.
    public static let model = "jacquard.model"
    /// How pixels become inputs, as JSON; a part of the model's JSON, too.
    public static let preprocessing = "jacquard.preprocessing"
    /// How the weights came about, as JSON.
    public static let provenance = "jacquard.provenance"
  }

  /// The name that errors give the file.
  public let path: String
  /// Its tensors and strings.
  public let content: SafetensorsFile

  /// What was read from the file at `path`.
  public init(_ content: SafetensorsFile, path: String) {
    self.content = content
    self.path = path
  }

  /// Reads the file at `path`.
  public init(contentsOf path: String) throws(InterchangeError) {
    self.init(try SafetensorsFile(contentsOf: path), path: path)
  }

  /// The file of a network at one moment.
  ///
  /// - Parameter provenance: how the numbers came about, as JSON.
  /// - Throws: when the model cannot be written as JSON.
  public init(of network: Network, _ numbers: NetworkSnapshot, provenance: String) throws(ModelError) {
    var metadata = try Self.metadata(of: network.model, provenance: provenance)
    metadata[MetadataKey.format] = "pt"
    var content = SafetensorsFile(
      metadata: metadata,
      tensors: network.tensors.map {
        NamedTensor(name: $0.name, shape: $0.specification.order.fileShape, values: numbers.values(of: $0))
      })
    content.addChecksum()
    self.content = content
    path = ""
  }

  /// The model that the file says it is for; nil if it does not say.
  public func model() throws(ModelError) -> Model? {
    guard let json = content.metadata[MetadataKey.model] else { return nil }
    return try Model(json: json)
  }

  /// What files say about a model: itself, its preprocessing and its origin, which is given as JSON.
  public static func metadata(of model: Model, provenance: String) throws(ModelError) -> [String: String] {
    let preprocessing: JSONValue = [
      "scale": .number(model.preprocessing.scale),
      "mean": .array(model.preprocessing.mean.map(JSONValue.number)),
      "deviation": .array(model.preprocessing.deviation.map(JSONValue.number)),
    ]
    return [
      MetadataKey.model: try model.json(),
      MetadataKey.preprocessing: preprocessing.text,
      MetadataKey.provenance: provenance,
    ]
  }
}
