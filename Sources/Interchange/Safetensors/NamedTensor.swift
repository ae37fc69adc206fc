internal import Support

/// A tensor in a file: a name, a shape and values.
public struct NamedTensor: Equatable, Sendable {
  /// The name, such as `conv1.weight`.
  public let name: String
  /// The dimensions, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The values, row-major: the last dimension runs fastest.
  public let values: [Float]
  /// The type of its elements in a file: F32, or I8 for whole numbers from −128 to 127.
  public let elementType: SafetensorsElementType

  /// Makes a tensor from a name, a shape and values.
  ///
  /// - Precondition: no dimension is negative, and there are as many values as the product of the dimensions (1 for a scalar). The type is F32, or I8 for
  ///   whole numbers that fit.
  public init(name: String, shape: [Int], values: [Float], elementType: SafetensorsElementType = .float32) {
    require(
      shape.allSatisfy { $0 >= 0 }, "NamedTensor: \(name) has the shape \(shape), but no dimension may be negative")
    let count = shape.reduce(1, *)
    require(
      count == values.count,
      "NamedTensor: \(name) has the shape \(shape), which needs \(count) values, but found \(values.count)")
    require(
      elementType == .float32
        || elementType == .int8 && values.allSatisfy { -128...127 ~= $0 && $0 == $0.rounded(.towardZero) },
      "NamedTensor: \(name) cannot be written as \(elementType.rawValue)")
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.values = values
  }
}
