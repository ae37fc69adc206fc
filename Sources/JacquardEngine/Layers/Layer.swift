public import Samples

/// The definition of a layer: its settings, the shapes and tensors that follow from them, and the operators that compute it.
///
/// A layer is a value that can be read from and written to JSON. Adding one takes one file and one entry in `LayerRegistry`. Most layers are a
/// `SingleOperatorLayer`; the others lower themselves to several operators or to none.
public protocol Layer: Codable, Hashable, Sendable {
  /// The keys of the layer's JSON object, used to reject misspelled keys.
  associatedtype CodingKeys: CodingKey & CaseIterable

  /// The value of `"type"` in JSON, for example `conv2d`.
  static var type: String { get }
  /// The prefix of the names of such layers, for example `conv` for `conv1`.
  static var namePrefix: String { get }
  /// The layer's name in files; nil for one made of its position, its type and a number. See `LayerName`.
  var name: String? { get set }
  /// The settings as shown in the summary, for example `3×3, 32 channels`.
  var details: String { get }
  /// The layers within this one, by the name of their path.
  var children: [LayerGroup] { get }

  /// The output shape for `input`; throws the reason if the layer cannot take it.
  func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape
  /// The parameters and states for `input`, in the operator's numbering; without those of child layers.
  func tensors(for input: Shape) -> [TensorSpecification]
  /// Multiplications (with an addition each) per image; without those of child layers.
  func multiplyAdds(for input: Shape) -> Int
  /// Appends the layer's operators and returns its output of shape `shape`.
  func lower(_ input: Value, to shape: Shape, name: String, into graph: inout GraphBuilder) throws(ModelError) -> Value
}

extension Layer {
  /// Nil, and stays so: layers without tensors need no name.
  public var name: String? {
    get { nil }
    set {}
  }
  public var details: String { "" }
  public var children: [LayerGroup] { [] }
  public func tensors(for input: Shape) -> [TensorSpecification] { [] }
  public func multiplyAdds(for input: Shape) -> Int { 0 }
}

/// A layer that is one operator.
public protocol SingleOperatorLayer: Layer {
  /// The layer's operator; `name` addresses its random numbers.
  func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator
}

extension SingleOperatorLayer {
  /// Appends the layer's one operator.
  public func lower(_ input: Value, to shape: Shape, name: String, into graph: inout GraphBuilder) -> Value {
    let computation = makeOperator(input: input.shape, output: shape, name: name, options: graph.options)
    return graph.append(computation, name: name, inputs: [input], tensors: tensors(for: input.shape), shapes: [shape])[
      0]
  }
}

/// Layers inside a layer that run one after the other.
public struct LayerGroup: Sendable {
  /// The prefix of their names after the layer's own name, for example `body`.
  public let name: String
  /// The layers, first to last.
  public let layers: [any Layer]
}

/// Why a layer cannot take a shape.
public struct ShapeMismatch: Error, CustomStringConvertible, Sendable {
  /// What is wrong, including the shapes.
  public let description: String
  /// The layer inside a block that caused the mismatch; nil for the block itself.
  let place: Place?

  struct Place {
    /// Such as `body.conv1`.
    let name: String
    let type: String
    /// Whether the name is the layer's own, without a path before it.
    let isWhole: Bool
  }

  /// A mismatch described by `description`.
  public init(_ description: String) { self.init(description, place: nil) }

  init(_ description: String, place: Place?) {
    self.description = description
    self.place = place
  }

  /// The same mismatch, as seen from outside a layer at `path`.
  func within(_ layer: any Layer, at path: String) -> ShapeMismatch {
    if let place, place.isWhole { return self }
    return ShapeMismatch(
      description,
      place: Place(
        name: (layer.name ?? path) + (place.map { "." + $0.name } ?? ""), type: place?.type ?? type(of: layer).type,
        isWhole: layer.name != nil))
  }

  static func requireImage(_ input: Shape) throws(ShapeMismatch) {
    guard input.isImage else {
      throw ShapeMismatch("takes an image [height, width, channels], found a vector of \(input)")
    }
  }
}
