internal import Support
public import Samples

/// Group normalization: within each image, each group of channels is centered and scaled by its statistics over all pixels, then scaled and shifted
/// by learned parameters of each channel (Wu and He 2018).
///
/// `y = weight · (x − mean) / √(variance + ε) + bias`, with the biased variance, both in training and in inference. With one group per channel it is
/// instance normalization. Works on images `[N, H, W, C]` and vectors `[N, C]`.
public struct GroupNorm: SingleOperatorLayer {
  /// The number of groups; it must divide the number of channels.
  public var groups: Int
  /// Added to the variance.
  public var epsilon: Float
  /// What the layer is called in files; see `LayerName`.
  public var name: String?

  /// A group norm; epsilon must be positive.
  public init(groups: Int, epsilon: Float = 1e-5, name: String? = nil) {
    LayerName.require(name, of: "GroupNorm")
    require(1...Self.largestGroupCount ~= groups, "GroupNorm: groups must be positive, found \(groups)")
    require(epsilon > 0, "GroupNorm: epsilon must be positive, found \(epsilon)")
    self.groups = groups
    self.epsilon = epsilon
    self.name = name
  }

  private static let largestGroupCount = 1 << 20

  public static let type = "group_norm"
  public static let namePrefix = "gn"

  public var details: String { "\(groups) groups" }

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    try ShapeMismatch.requireChannelOrder(input)
    guard input.channels % groups == 0 else {
      throw ShapeMismatch("has \(groups) groups, which do not divide \(input.channels) channels")
    }
    return input
  }

  public func tensors(for input: Shape) -> [TensorSpecification] { GroupNormalization.tensors(input.channels) }

  public func multiplyAdds(for input: Shape) -> Int { input.count }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    GroupNormalization(channels: input.channels, groups: groups, pixels: input.pixels, sets: 1, epsilon: epsilon)
  }
}

extension GroupNorm {
  public enum CodingKeys: CodingKey, CaseIterable {
    case groups, epsilon, name
  }

  /// Reads the layer's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    groups = try container.decode(Int.self, forKey: .groups)
    epsilon = try container.decode(.epsilon, or: 1e-5)
    name = try container.decodeName(.name)
    try container.require(1...Self.largestGroupCount ~= groups, .groups, "must be 1 to \(Self.largestGroupCount)")
    try container.require(epsilon > 0 && epsilon <= 1, .epsilon, "must be above 0 and at most 1")
  }
}

/// Layer normalization: the channels of each pixel, or the features of a vector, are centered and scaled by their statistics, then scaled and shifted
/// by learned parameters of each channel (Ba et al. 2016; for images as in ConvNeXt).
///
/// `y = weight · (x − mean) / √(variance + ε) + bias`, with the biased variance, both in training and in inference.
public struct LayerNorm: SingleOperatorLayer {
  /// Added to the variance.
  public var epsilon: Float
  /// What the layer is called in files; see `LayerName`.
  public var name: String?

  /// A layer norm; epsilon must be positive.
  public init(epsilon: Float = 1e-5, name: String? = nil) {
    LayerName.require(name, of: "LayerNorm")
    require(epsilon > 0, "LayerNorm: epsilon must be positive, found \(epsilon)")
    self.epsilon = epsilon
    self.name = name
  }

  public static let type = "layer_norm"
  public static let namePrefix = "ln"

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    try ShapeMismatch.requireChannelOrder(input)
    return input
  }

  public func tensors(for input: Shape) -> [TensorSpecification] { GroupNormalization.tensors(input.channels) }

  public func multiplyAdds(for input: Shape) -> Int { input.count }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    GroupNormalization(channels: input.channels, groups: 1, pixels: 1, sets: input.pixels, epsilon: epsilon)
  }
}

extension LayerNorm {
  public enum CodingKeys: CodingKey, CaseIterable {
    case epsilon, name
  }

  /// Reads the layer's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    epsilon = try container.decode(.epsilon, or: 1e-5)
    name = try container.decodeName(.name)
    try container.require(epsilon > 0 && epsilon <= 1, .epsilon, "must be above 0 and at most 1")
  }
}
