internal import Support
public import Samples

/// The leaky rectifier: `y = x` where `x > 0` and `negativeSlope · x` elsewhere, elementwise, of any shape.
public struct LeakyReLU: SingleOperatorLayer {
  /// The slope below zero, from 0 to 1.
  public var negativeSlope: Float

  /// A leaky rectifier; the slope must be from 0 to 1.
  public init(negativeSlope: Float = 0.01) {
    require((0...1).contains(negativeSlope), "LeakyReLU: negativeSlope must be 0 to 1, found \(negativeSlope)")
    self.negativeSlope = negativeSlope
  }

  public static let type = "leaky_relu"
  public static let namePrefix = "leakyrelu"

  public var details: String { "slope \(negativeSlope)" }

  public func outputShape(for input: Shape) -> Shape { input }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    Rectification(slope: negativeSlope)
  }
}

extension LeakyReLU {
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case negativeSlope = "negative_slope"
  }

  /// Reads the layer's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    negativeSlope = try container.decode(.negativeSlope, or: 0.01)
    try container.require((0...1).contains(negativeSlope), .negativeSlope, "must be 0 to 1")
  }
}
