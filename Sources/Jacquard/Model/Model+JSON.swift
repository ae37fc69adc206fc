public import FoundationEssentials

extension Model: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name
    case inputShape = "input_shape"
    case classNames = "class_names"
    case preprocessing, layers
  }

  /// Reads a model's JSON; class names and preprocessing default to Fashion-MNIST's.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseStrangers(CodingKeys.allCases.map(\.rawValue), of: "a model", listed: "its keys")
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    inputShape = try container.decode(Shape.self, forKey: .inputShape)
    classNames = try container.decode(.classNames, or: Model.fashionMNISTClasses)
    preprocessing = try container.decode(.preprocessing, or: .fashionMNIST)
    let wrapped = try container.decode([AnyLayer].self, forKey: .layers)
    try container.require(!wrapped.isEmpty, .layers, "must hold at least one layer")
    layers = wrapped.map(\.layer)
  }

  /// Writes a model's JSON, every setting spelled out.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(inputShape, forKey: .inputShape)
    try container.encode(classNames, forKey: .classNames)
    try container.encode(preprocessing, forKey: .preprocessing)
    try container.encode(layers.map(AnyLayer.init), forKey: .layers)
  }

  /// Reads and checks a model from JSON text.
  public init(json: Data) throws(ModelError) {
    let decoder = JSONDecoder()
    decoder.userInfo = LayerCount.userInfo
    do {
      self = try decoder.decode(Model.self, from: json)
    } catch let error as ModelError {
      throw error
    } catch let error as DecodingError {
      throw ModelError(error)
    } catch {
      throw .malformed(path: "", reason: "\(error)")
    }
    try validate()
  }

  /// The model as JSON, keys sorted; `Model(json:)` reads it back.
  public func json(isPretty: Bool = false) throws(ModelError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      isPretty ? [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(self)
    } catch {
      throw .invalid("the model \"\(name)\" cannot be written as JSON: \(error)")
    }
  }
}
