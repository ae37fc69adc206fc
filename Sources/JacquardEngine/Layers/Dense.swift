internal import Support
public import Samples

/// A fully connected layer: `input [N, inputs] → output [N, outputFeatures]`, `y = x W + b`.
public struct Dense: SingleOperatorLayer {
  /// Features of the output.
  public var outputFeatures: Int
  /// Whether each output has a bias.
  public var usesBias: Bool
  /// What the layer is called in files; see `LayerName`.
  public var name: String?

  /// A dense layer; the number of features must be positive.
  public init(_ outputFeatures: Int, usesBias: Bool = true, name: String? = nil) {
    LayerName.require(name, of: "Dense")
    require(outputFeatures > 0, "Dense: outputFeatures must be positive, found \(outputFeatures)")
    self.outputFeatures = outputFeatures
    self.usesBias = usesBias
    self.name = name
  }

  public static let type = "dense"
  public static let namePrefix = "fc"

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    guard !input.isImage else {
      throw ShapeMismatch(
        "takes a vector [features], found the image \(input); put a flatten or a global pool before it")
    }
    return .vector(outputFeatures)
  }

  public func tensors(for input: Shape) -> [TensorSpecification] {
    let weight = TensorSpecification(
      "weight", .dense(inputs: input, outputs: outputFeatures), role: .weight,
      initial: .random(fanIn: input.count, fanOut: outputFeatures))
    let bias = TensorSpecification("bias", .vector(outputFeatures), role: .bias, initial: .constant(0))
    return usesBias ? [weight, bias] : [weight]
  }

  public func multiplyAdds(for input: Shape) -> Int { input.count * outputFeatures }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    DenseProduct(inputs: input.count, outputs: outputFeatures, usesBias: usesBias, product: options.product)
  }
}

extension Dense {
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case outputFeatures = "output_features"
    case usesBias = "bias"
    case name
  }

  /// Reads the layer's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    outputFeatures = try container.decodeWhole(.outputFeatures)
    usesBias = try container.decode(.usesBias, or: true)
    name = try container.decodeName(.name)
    try container.require((1...1 << 20).contains(outputFeatures), .outputFeatures, "must be 1 to \(1 << 20)")
  }
}
