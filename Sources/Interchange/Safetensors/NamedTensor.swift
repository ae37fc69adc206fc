internal import Support

/// A tensor as a file holds it: a name, a shape and its values.
public struct NamedTensor: Equatable, Sendable {
  /// The name, such as `conv1.weight`.
  public let name: String
  /// The dimensions, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The values, row-major: the last dimension runs fastest.
  public let values: [Float]

  /// Names values of a shape.
  ///
  /// - Precondition: no dimension is negative, and there are as many values as the product of the dimensions (1 for a scalar).
  public init(name: String, shape: [Int], values: [Float]) {
    require(
      shape.allSatisfy { $0 >= 0 }, "NamedTensor: \(name) has the shape \(shape), but no dimension may be negative")
    let count = shape.reduce(1, *)
    require(
      count == values.count,
      "NamedTensor: \(name) has the shape \(shape), that is \(count) values, but was given \(values.count)")
    self.name = name
    self.shape = shape
    self.values = values
  }
}
