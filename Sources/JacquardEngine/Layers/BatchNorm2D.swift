internal import Support
public import Samples

/// Batch normalization: each channel of `input [N, H, W, C]` is centered and scaled by the batch's statistics, then scaled and shifted by learned
/// parameters (Ioffe and Szegedy 2015).
///
/// `y = weight · (x − mean) / √(variance + ε) + bias`. In training, mean and (biased) variance are those of the whole batch, over all shards; the
/// running statistics move towards them by `momentum`, with the unbiased variance, as in PyTorch. In inference the running statistics are used.
public struct BatchNorm2D: SingleOperatorLayer {
  /// Added to the variance.
  public var epsilon: Float
  /// The weight of the batch's statistics in the update of the running ones.
  public var momentum: Float
  /// What the layer is called in files; see `LayerName`.
  public var name: String?

  /// A batch norm; epsilon must be positive and momentum from 0 to 1.
  public init(epsilon: Float = 1e-5, momentum: Float = 0.1, name: String? = nil) {
    LayerName.require(name, of: "BatchNorm2D")
    require(epsilon > 0, "BatchNorm2D: epsilon must be positive, found \(epsilon)")
    require((0...1).contains(momentum), "BatchNorm2D: momentum must be 0 to 1, found \(momentum)")
    self.epsilon = epsilon
    self.momentum = momentum
    self.name = name
  }

  public static let type = "batch_norm2d"
  public static let namePrefix = "bn"

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    try ShapeMismatch.requireImage(input)
    return input
  }

  public func tensors(for input: Shape) -> [TensorSpecification] {
    let order = TensorOrder.vector(input.channels)
    return [
      TensorSpecification("weight", order, role: .bias, initial: .constant(1)),
      TensorSpecification("bias", order, role: .bias, initial: .constant(0)),
      TensorSpecification("running_mean", order, role: nil, initial: .constant(0)),
      TensorSpecification("running_var", order, role: nil, initial: .constant(1)),
    ]
  }

  public func multiplyAdds(for input: Shape) -> Int { input.count }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    BatchNormalization(shape: input, epsilon: epsilon, momentum: momentum)
  }
}

extension BatchNorm2D {
  public enum CodingKeys: CodingKey, CaseIterable {
    case epsilon, momentum, name
  }

  /// Reads the layer's JSON; both settings default to PyTorch's values.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    epsilon = try container.decode(.epsilon, or: 1e-5)
    momentum = try container.decode(.momentum, or: 0.1)
    name = try container.decodeName(.name)
    try container.require(epsilon > 0 && epsilon <= 1, .epsilon, "must be above 0 and at most 1")
    try container.require((0...1).contains(momentum), .momentum, "must be 0 to 1")
  }
}
