internal import BLAS
internal import Suggestions

/// A layer of any type in JSON: an object with `"type"` and the layer's own keys.
struct AnyLayer: Codable {
  let layer: any Layer

  init(_ layer: any Layer) { self.layer = layer }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    let type = try container.decode(String.self, forKey: AnyKey("type"))
    guard let layerType = LayerRegistry.layer(ofType: type) else {
      throw DecodingError.dataCorruptedError(
        forKey: AnyKey("type"), in: container,
        debugDescription: "there is no layer type \"\(type)\""
          + didYouMean(type, LayerRegistry.types, otherwise: "known types"))
    }
    let known = ["type"] + layerType.keys
    if let stranger = container.allKeys.map(\.stringValue).sorted().first(where: { !known.contains($0) }) {
      throw DecodingError.dataCorruptedError(
        forKey: AnyKey(stranger), in: container,
        debugDescription: "\(type) has no setting \"\(stranger)\""
          + didYouMean(stranger, layerType.keys, otherwise: "its settings"))
    }
    layer = try layerType.init(from: decoder)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: AnyKey.self)
    try container.encode(Swift.type(of: layer).type, forKey: AnyKey("type"))
    try layer.encode(to: encoder)
  }
}

extension Layer {
  fileprivate static var keys: [String] { CodingKeys.allCases.map(\.stringValue) }
}

/// `; did you mean "x"?`, or the whole list.
private func didYouMean(_ word: String, _ candidates: [String], otherwise: String) -> String {
  if let candidate = Suggestion.closest(to: word, among: candidates) { return "; did you mean \"\(candidate)\"?" }
  return candidates.isEmpty ? "; it takes none" : "; \(otherwise): \(candidates.joined(separator: ", "))"
}

/// A key that is known only at run time.
struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ string: String) { stringValue = string }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer {
  /// The value of `key`, or `fallback` where the key is missing.
  func decode<Value: Decodable>(_ key: Key, or fallback: @autoclosure () -> Value) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? fallback()
  }

  /// Refuses a setting that is out of range, naming it.
  func require(_ condition: Bool, _ key: Key, _ message: String) throws {
    guard condition else {
      throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "\(key.stringValue) \(message)")
    }
  }
}
