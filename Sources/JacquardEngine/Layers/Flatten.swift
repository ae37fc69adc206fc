public import Samples

/// Turns an image into a vector: `input [N, H, W, C] → output [N, H · W · C]`; a vector stays as it is.
///
/// Nothing is computed: the elements are already in this order. The resulting shape remembers the image, because files store the weights of the next
/// dense layer in the order C, H, W.
public struct Flatten: Layer {
  /// A flatten layer.
  public init() {}

  public static let type = "flatten"
  public static let namePrefix = "flatten"

  public enum CodingKeys: CodingKey, CaseIterable {}

  public func outputShape(for input: Shape) -> Shape { input.flattened }

  public func lower(_ input: Value, to shape: Shape, name: String, into graph: inout GraphBuilder) -> Value {
    graph.reshape(input, to: shape)
  }
}
