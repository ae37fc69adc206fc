internal import Support
internal import Synchronization

/// A layer of any type in JSON: an object with `"type"` and the layer's own keys.
struct AnyLayer: Codable {
  let layer: any Layer

  init(_ layer: any Layer) { self.layer = layer }

  init(from decoder: any Decoder) throws {
    do {
      layer = try Self.layer(from: decoder)
    } catch {
      // Errors from here on are final: an enclosing layer must not add its own type.
      throw LayerRefusal(error)
    }
  }

  private static func layer(from decoder: any Decoder) throws -> any Layer {
    if let count = LayerCount.of(decoder), !count.add() {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "a model holds at most \(LayerCount.largest) layers, those within blocks counted"))
    }
    let container = try decoder.container(keyedBy: AnyKey.self)
    guard decoder.codingPath.count <= Self.deepestPath else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: Array(decoder.codingPath.prefix(4)),
          debugDescription: "layers are nested more than \(Self.deepestNesting) blocks deep here"))
    }
    let type = try container.decode(String.self, forKey: AnyKey("type"))
    let known = LayerRegistry.layers + AdditionalLayers.of(decoder)
    guard let layerType = known.first(where: { $0.type == type }) else {
      throw DecodingError.dataCorruptedError(
        forKey: AnyKey("type"), in: container,
        debugDescription: "there is no layer type \"\(type)\""
          + didYouMean(type, known.map { $0.type }, otherwise: "known types"))
    }
    try decoder.rejectUnknownKeys(layerType.keys, besides: "type", of: type, listed: "its settings")
    do {
      return try layerType.init(from: decoder)
    } catch {
      throw LayerRefusal(error, layerType: type)
    }
  }

  /// The deepest nesting of blocks: far more than any network has, and few enough for every stack.
  private static let deepestNesting = 64
  /// Each block adds its key and an index, after `layers` and an index.
  private static let deepestPath = 2 + 2 * deepestNesting

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: AnyKey.self)
    try container.encode(Swift.type(of: layer).type, forKey: AnyKey("type"))
    try layer.encode(to: encoder)
  }
}

/// The number of layers that a decoder has read, including nested ones.
final class LayerCount: Sendable {
  /// Far more than any network has, and few enough to check quickly.
  static let largest = 10_000

  private static let key = CodingUserInfoKey(rawValue: "jacquard.layer-count")
  private let count = Mutex(0)

  /// The entry of a decoder's `userInfo` that makes it count, starting from 0.
  static var userInfo: [CodingUserInfoKey: any Sendable] {
    guard let key else { return [:] }
    return [key: LayerCount()]
  }

  /// The counter of a decoder; nil if it does not count.
  fileprivate static func of(_ decoder: any Decoder) -> LayerCount? {
    guard let key else { return nil }
    return decoder.userInfo[key] as? LayerCount
  }

  /// Counts one more layer; returns whether it is within the limit.
  fileprivate func add() -> Bool {
    count.withLock { count in
      count += 1
      return count <= Self.largest
    }
  }
}

/// Layers that a decoder knows in addition to those of `LayerRegistry`.
enum AdditionalLayers {
  private static let key = CodingUserInfoKey(rawValue: "jacquard.layers")

  /// The entry of a decoder's `userInfo` that holds the additional layers.
  static func userInfo(_ layers: [any Layer.Type]) -> [CodingUserInfoKey: any Sendable] {
    guard let key else { return [:] }
    return [key: layers]
  }

  /// The additional layers of a decoder.
  fileprivate static func of(_ decoder: any Decoder) -> [any Layer.Type] {
    key.flatMap { decoder.userInfo[$0] as? [any Layer.Type] } ?? []
  }
}

extension Layer {
  fileprivate static var keys: [String] { CodingKeys.allCases.map(\.stringValue) }
}
