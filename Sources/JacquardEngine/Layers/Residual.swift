public import Samples
internal import Support

/// A block with a skip path: `y = body(x) + shortcut(x)`; an empty shortcut is the identity (He et al. 2015).
///
/// Both paths must end in the same shape. Layers inside are named `residual1.body.conv1`, `residual1.shortcut.conv1`, unless they have
/// names.
public struct Residual: Layer {
  /// The layers of the block.
  public var body: [any Layer]
  /// The layers of the skip path; empty for the identity.
  public var shortcut: [any Layer]
  /// What the block is called; see `LayerName`.
  public var name: String?

  /// A residual block.
  public init(
    name: String? = nil, @LayerBuilder body: () -> [any Layer], @LayerBuilder shortcut: () -> [any Layer] = { [] }
  ) {
    LayerName.require(name, of: "Residual")
    self.name = name
    self.body = body()
    self.shortcut = shortcut()
  }

  public static let type = "residual"
  public static let namePrefix = "residual"

  public var children: [LayerGroup] {
    [LayerGroup(name: "body", layers: body), LayerGroup(name: "shortcut", layers: shortcut)]
  }

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    let bodyShape = try LayerChain(body).outputShape(for: input, path: "body")
    let shortcutShape = try LayerChain(shortcut).outputShape(for: input, path: "shortcut")
    guard bodyShape.dimensions == shortcutShape.dimensions else {
      throw ShapeMismatch("adds a body that ends in \(bodyShape) to a shortcut that ends in \(shortcutShape)")
    }
    guard bodyShape == shortcutShape else {
      throw ShapeMismatch(
        "adds a flattened image to a vector that is not one (both have \(bodyShape) elements): files order them differently"
      )
    }
    return bodyShape
  }

  public func lower(
    _ input: Value, to shape: Shape, name: String, into graph: inout GraphBuilder
  ) throws(ModelError) -> Value {
    let branches = graph.append(
      Fork(), name: "\(name).fork", inputs: [input], tensors: [], shapes: [input.shape, input.shape])
    let main = try LayerChain(body).lower(branches[0], prefix: "\(name).body.", into: &graph)
    let skip = try LayerChain(shortcut).lower(branches[1], prefix: "\(name).shortcut.", into: &graph)
    return graph.append(Sum(), name: "\(name).sum", inputs: [main, skip], tensors: [], shapes: [shape])[0]
  }

  public static func == (a: Residual, b: Residual) -> Bool {
    a.name == b.name && LayerChain(a.body) == LayerChain(b.body) && LayerChain(a.shortcut) == LayerChain(b.shortcut)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(LayerChain(body))
    hasher.combine(LayerChain(shortcut))
    hasher.combine(name)
  }
}

extension Residual {
  public enum CodingKeys: CodingKey, CaseIterable {
    case body, shortcut, name
  }

  /// Reads the layer's JSON: two lists of layers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    body = try container.decode([AnyLayer].self, forKey: .body).map(\.layer)
    shortcut = try container.decode(.shortcut, or: [AnyLayer]()).map(\.layer)
    name = try container.decodeName(.name)
    try container.require(!body.isEmpty, .body, "must hold at least one layer")
  }

  /// Writes both lists, and the name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(body.map(AnyLayer.init), forKey: .body)
    try container.encode(shortcut.map(AnyLayer.init), forKey: .shortcut)
    try container.encodeIfPresent(name, forKey: .name)
  }
}
