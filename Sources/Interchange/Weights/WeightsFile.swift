internal import Support
public import JacquardEngine

/// A network's parameters and states as a safetensors file: tensors with PyTorch's names and layouts, and the model and its origin as metadata.
public struct WeightsFile: Sendable {
  /// The keys of the metadata.
  public enum MetadataKey {
    /// Identifies the layout of the tensors for other programs.
    public static let format = "format"
    /// The model's JSON.
    public static let model = "jacquard.model"
    /// The preprocessing as JSON, which is also part of the model's JSON.
    public static let preprocessing = "jacquard.preprocessing"
    /// The origin of the weights, as JSON.
    public static let provenance = "jacquard.provenance"
    /// The ranges of a quantized network's activations, as JSON; missing for others. Tensors of bytes then have scales.
    public static let quantization = SafetensorsFile.quantizationKey
    /// The temperature of the network, as a decimal number; missing for 1.
    public static let temperature = "jacquard.temperature"
  }

  /// The name of the file in errors.
  public let path: String
  /// The tensors and strings of the file.
  public let content: SafetensorsFile

  /// The content of the file at `path`.
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
  /// - Parameter provenance: the origin of the weights, as JSON.
  /// - Throws: if the model cannot be written as JSON.
  public init(of network: Network, _ numbers: NetworkSnapshot, provenance: String) throws(ModelError) {
    var metadata = try Self.metadata(of: network.model, provenance: provenance, temperature: network.temperature)
    metadata[MetadataKey.format] = "pt"
    var tensors = network.tensors.map {
      NamedTensor(name: $0.name, shape: $0.specification.order.fileShape, values: numbers.values(of: $0))
    }
    if let quantization = network.quantization {
      metadata[MetadataKey.quantization] = quantization.json(layers: network.rangeNames).text
      tensors = tensors.flatMap { $0.quantized(quantization.weights[$0.name]) }
    }
    var content = SafetensorsFile(metadata: metadata, tensors: tensors)
    content.addChecksum()
    self.content = content
    path = ""
  }

  /// The model in the file's metadata; nil if there is none.
  public func model() throws(ModelError) -> Model? {
    guard let json = content.metadata[MetadataKey.model] else { return nil }
    return try Model(json: json)
  }

  /// The temperature in the file's metadata; 1 if it has no temperature.
  ///
  /// - Throws: if the text is not a number within `Network.temperatures`.
  public func temperature() throws(WeightsError) -> Double {
    guard let text = content.metadata[MetadataKey.temperature] else { return 1 }
    if let number = Double(text), Network.temperatures.contains(number) { return number }
    let (low, high) = (Network.temperatures.lowerBound, Network.temperatures.upperBound)
    throw WeightsError(
      path: path, model: "",
      finding:
        "the string \"\(MetadataKey.temperature)\" of the metadata is \"\(text)\", expected a number from \(low) to \(high)",
      advice: "remove the string, or fit the temperature again.")
  }

  /// The metadata of a model: itself, its preprocessing, its origin, which is given as JSON, and a temperature other than 1.
  public static func metadata(
    of model: Model, provenance: String, temperature: Double = 1
  ) throws(ModelError) -> [String: String] {
    let preprocessing: JSONValue = [
      "scale": .number(model.preprocessing.scale),
      "mean": .array(model.preprocessing.mean.map(JSONValue.number)),
      "deviation": .array(model.preprocessing.deviation.map(JSONValue.number)),
    ]
    var metadata = [
      MetadataKey.model: try model.json(),
      MetadataKey.preprocessing: preprocessing.text,
      MetadataKey.provenance: provenance,
    ]
    if temperature != 1 { metadata[MetadataKey.temperature] = "\(temperature)" }
    return metadata
  }
}
