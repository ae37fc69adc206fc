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
      // What leaves here is final: a layer around this one must not put its own type to it.
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

  /// Blocks within blocks: many more than any network has, and few enough for every stack.
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
  /// Many more than any network has; few enough that none takes long to be looked at.
  static let largest = 10_000

  private static let key = CodingUserInfoKey(rawValue: "jacquard.layer-count")
  private let count = Mutex(0)

  /// The entry of a decoder's `userInfo` that makes it count, from 0 on.
  static var userInfo: [CodingUserInfoKey: any Sendable] {
    guard let key else { return [:] }
    return [key: LayerCount()]
  }

  /// The count of a decoder; nil for one that does not count.
  fileprivate static func of(_ decoder: any Decoder) -> LayerCount? {
    guard let key else { return nil }
    return decoder.userInfo[key] as? LayerCount
  }

  /// Counts one more layer; returns whether the limit allows it.
  fileprivate func add() -> Bool {
    count.withLock { count in
      count += 1
      return count <= Self.largest
    }
  }
}

/// Layers that a decoder knows besides those of `LayerRegistry`.
enum AdditionalLayers {
  private static let key = CodingUserInfoKey(rawValue: "jacquard.layers")

  /// The entry of a decoder's `userInfo` that makes them known.
  static func userInfo(_ layers: [any Layer.Type]) -> [CodingUserInfoKey: any Sendable] {
    guard let key else { return [:] }
    return [key: layers]
  }

  /// Those of a decoder.
  fileprivate static func of(_ decoder: any Decoder) -> [any Layer.Type] {
    key.flatMap { decoder.userInfo[$0] as? [any Layer.Type] } ?? []
  }
}

extension Layer {
  fileprivate static var keys: [String] { CodingKeys.allCases.map(\.stringValue) }
}
