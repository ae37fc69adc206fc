internal import Support
public import Samples

/// Branches that read the same input and are joined at their ends, as in Inception, SqueezeNet and DenseNet.
///
/// - `add` adds outputs of equal shape.
/// - `multiply` multiplies two outputs of equal shape, or each pixel of an image by a vector with one value per channel: an empty branch beside one
/// that ends in a sigmoid is a squeeze-and-excite block (Hu et al. 2018).
///
/// An empty branch passes its input through. Layers inside are named `branches1.path1.conv1`, `branches1.path2.conv1`, unless they have
/// names.
public struct Branches: Layer {
  /// How the branches are joined.
  public enum Merge: String, Codable, CaseIterable, Sendable {
    /// Side by side along the channels.
    case concat
    /// Their sum.
    case add
    /// The product of two.
    case multiply
  }

  /// How the branches are joined.
  public var merge: Merge
  /// The layers of each branch.
  public var paths: [[any Layer]]
  /// What the block is called; see `LayerName`.
  public var name: String?

  /// The largest number of branches.
  package static let largestPathCount = 1024

  /// Branches of layers: two for a product, otherwise 2 to 1024.
  public init(_ merge: Merge, _ paths: [any Layer]...) { self.init(merge, paths: paths) }

  /// The same, with the branches in an array.
  public init(_ merge: Merge, paths: [[any Layer]], name: String? = nil) {
    LayerName.require(name, of: "Branches")
    let problem = Self.problem(merge, paths.count)
    require(problem == nil, "Branches: \(problem ?? "")")
    self.merge = merge
    self.paths = paths
    self.name = name
  }

  private static func problem(_ merge: Merge, _ count: Int) -> String? {
    if merge == .multiply, count != 2 { return "must hold two branches to multiply, found \(count)" }
    return 2...largestPathCount ~= count ? nil : "must hold 2 to \(largestPathCount) branches, found \(count)"
  }

  public static let type = "branches"
  public static let namePrefix = "branches"

  public var details: String { "\(merge.rawValue), \(paths.count) branches" }

  public var children: [LayerGroup] {
    paths.enumerated().map { LayerGroup(name: "path\($0.offset + 1)", layers: $0.element) }
  }

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    var shapes: [Shape] = []
    for group in children {
      shapes.append(try LayerChain(group.layers).outputShape(for: input, path: group.name))
    }
    return try merge.shape(of: shapes)
  }

  public func lower(
    _ input: Value, to shape: Shape, name: String, into graph: inout GraphBuilder
  ) throws(ModelError) -> Value {
    let starts = graph.append(
      Fork(branches: paths.count), name: "\(name).fork", inputs: [input], tensors: [],
      shapes: paths.map { _ in input.shape })
    var ends: [Value] = []
    for (group, start) in zip(children, starts) {
      ends.append(try LayerChain(group.layers).lower(start, prefix: "\(name).\(group.name).", into: &graph))
    }
    switch merge {
    case .concat:
      let join = Concatenation(pixels: shape.pixels, widths: ends.map(\.shape.channels))
      return graph.append(join, name: "\(name).concat", inputs: ends, shape: shape)
    case .add:
      return ends.dropFirst().enumerated().reduce(ends[0]) { sum, next in
        let label = ends.count == 2 ? "\(name).sum" : "\(name).sum\(next.offset + 1)"
        return graph.append(Sum(), name: label, inputs: [sum, next.element], shape: shape)
      }
    case .multiply:
      // The operand that is spread over pixels comes second.
      let ordered = ends[0].shape == shape ? ends : ends.reversed()
      let join = Product(
        pixels: shape.pixels, channels: shape.channels, isSpread: ordered[1].shape.count < shape.count)
      return graph.append(join, name: "\(name).product", inputs: ordered, shape: shape)
    }
  }

  public static func == (a: Branches, b: Branches) -> Bool {
    a.name == b.name && a.merge == b.merge && a.paths.map(LayerChain.init) == b.paths.map(LayerChain.init)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(merge)
    hasher.combine(paths.map(LayerChain.init))
    hasher.combine(name)
  }
}

extension Branches.Merge {
  /// The shape that results from joining the branches' outputs.
  fileprivate func shape(of shapes: [Shape]) throws(ShapeMismatch) -> Shape {
    let list = shapes.map(\.description).joined(separator: ", ")
    let first = shapes[0]
    switch self {
    case .concat:
      for shape in shapes { try ShapeMismatch.requireChannelOrder(shape) }
      guard shapes.allSatisfy({ $0.isImage == first.isImage && $0.height == first.height && $0.width == first.width })
      else { throw ShapeMismatch("joins branches that end in \(list): images must have one height and width") }
      let channels = shapes.reduce(0) { $0 + $1.channels }
      return first.withChannels(channels)
    case .add:
      guard shapes.allSatisfy({ $0 == first }) else {
        throw ShapeMismatch("adds branches that end in \(list): shapes must be the same")
      }
      return first
    case .multiply:
      let second = shapes[1]
      if first == second { return first }
      for (image, vector) in [(first, second), (second, first)] {
        let isSpread = image.isImage && !vector.isImage && vector.flattenedFrom == nil
        if isSpread, image.channels == vector.channels { return image }
      }
      throw ShapeMismatch(
        "multiplies branches that end in \(list): shapes must be the same, or one must be a vector of the other's channels"
      )
    }
  }
}

extension Branches {
  public enum CodingKeys: CodingKey, CaseIterable {
    case merge, paths, name
  }

  /// Reads the layer's JSON: the kind of merge, and a list of lists of layers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let text = try container.decode(String.self, forKey: .merge)
    guard let merge = Merge(rawValue: text) else {
      let known = Merge.allCases.map(\.rawValue)
      throw DecodingError.dataCorruptedError(
        forKey: .merge, in: container,
        debugDescription: "there is no merge \"\(text)\"" + didYouMean(text, known, otherwise: "known ones"))
    }
    self.merge = merge
    paths = try container.decode([[AnyLayer]].self, forKey: .paths).map { $0.map(\.layer) }
    name = try container.decodeName(.name)
    let problem = Self.problem(merge, paths.count)
    try container.require(problem == nil, .paths, problem ?? "")
  }

  /// Writes the merge, the branches and the name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(merge, forKey: .merge)
    try container.encode(paths.map { $0.map(AnyLayer.init) }, forKey: .paths)
    try container.encodeIfPresent(name, forKey: .name)
  }
}
