internal import Support

/// A tensor in a file: a name, a shape and values.
public struct NamedTensor: Equatable, Sendable {
  /// The name, such as `conv1.weight`.
  public let name: String
  /// The dimensions, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The values, row-major: the last dimension runs fastest.
  public let values: [Float]

  /// Makes a tensor from a name, a shape and values.
  ///
  /// - Precondition: no dimension is negative, and there are as many values as the product of the dimensions (1 for a scalar).
  public init(name: String, shape: [Int], values: [Float]) {
    require(
      shape.allSatisfy { $0 >= 0 }, "NamedTensor: \(name) has the shape \(shape), but no dimension may be negative")
    let count = shape.reduce(1, *)
    require(
      count == values.count,
      "NamedTensor: \(name) has the shape \(shape), which needs \(count) values, but found \(values.count)")
    self.name = name
    self.shape = shape
    self.values = values
  }
}
