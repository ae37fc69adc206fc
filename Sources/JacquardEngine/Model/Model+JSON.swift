internal import Support
internal import Samples

extension Model: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name
    case inputShape = "input_shape"
    case classNames = "class_names"
    case preprocessing, layers
  }

  /// Reads a model with any decoder; class names and preprocessing default to Fashion-MNIST's.
  ///
  /// - Throws: a `ModelError` if the input is not a model.
  public init(from decoder: any Decoder) throws {
    do {
      try self.init(reading: decoder)
    } catch let error as LayerRefusal {
      throw ModelError(error, position: nil)
    }
  }

  private init(reading decoder: any Decoder) throws {
    try decoder.rejectUnknownKeys(CodingKeys.allCases.map(\.rawValue), of: "a model", listed: "its keys")
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    inputShape = try container.decode(Shape.self, forKey: .inputShape)
    classNames = try container.decode(.classNames, or: FashionMNIST.classNames)
    preprocessing = try container.decode(.preprocessing, or: .fashionMNIST)
    let wrapped = try container.decode([AnyLayer].self, forKey: .layers)
    try container.require(!wrapped.isEmpty, .layers, "must hold at least one layer")
    layers = wrapped.map(\.layer)
  }

  /// Writes a model with any encoder, including every setting.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(inputShape, forKey: .inputShape)
    try container.encode(classNames, forKey: .classNames)
    try container.encode(preprocessing, forKey: .preprocessing)
    try container.encode(layers.map(AnyLayer.init), forKey: .layers)
  }

  /// Reads and checks a model from JSON text in UTF-8.
  public init(json: [UInt8]) throws(ModelError) { try self.init(json: json, layers: []) }

  private init(json: [UInt8], layers: [any Layer.Type]) throws(ModelError) {
    let value: JSONValue
    do throws(JSONSyntaxError) {
      value = try JSONReader.value(of: json, maximumDepth: Self.deepestText)
    } catch {
      throw ModelError.malformed(path: "", reason: error.reason, position: .init(error.position))
    }
    let userInfo = LayerCount.userInfo.merging(AdditionalLayers.userInfo(layers)) { $1 }
    do {
      try self.init(reading: JSONValueDecoder(value, userInfo: userInfo))
    } catch {
      let refusal = LayerRefusal(error)
      let index = JSONReader.index(of: refusal.steps, in: json[...])
      throw ModelError(refusal, position: .init(TextPosition(of: index, in: json[...])))
    }
    try validate()
  }

  /// Reads and checks a model from JSON text.
  public init(json: String) throws(ModelError) { try self.init(json: Array(json.utf8)) }

  /// Reads and checks a model from JSON text that may name `layers` in addition to those of this package.
  public init(json: String, layers: [any Layer.Type]) throws(ModelError) {
    try self.init(json: Array(json.utf8), layers: layers)
  }

  /// Deep enough to read more nested blocks than are accepted, so that the error names the layer.
  private static let deepestText = 512

  /// The model as JSON, keys sorted; `Model(json:)` reads it back.
  ///
  /// - Parameter isPretty: Whether every member is on a separate line, for human readers.
  public func json(isPretty: Bool = false) throws(ModelError) -> String {
    do {
      let value = try JSONValueEncoder.encode(self).sorted
      return isPretty ? value.indentedText : value.text
    } catch {
      throw .invalid("the model \"\(name)\" cannot be written as JSON: \(error)")
    }
  }
}
