internal import BLAS

/// A fully connected layer: `input [N, inputs] → output [N, outputFeatures]`, `y = x W + b`.
public struct Dense: SingleOperatorLayer {
  /// Features of the output.
  public var outputFeatures: Int
  /// Whether each output has a bias.
  public var usesBias: Bool

  /// A dense layer; the number of features must be positive.
  public init(_ outputFeatures: Int, usesBias: Bool = true) {
    require(outputFeatures > 0, "Dense: outputFeatures must be positive, found \(outputFeatures)")
    self.outputFeatures = outputFeatures
    self.usesBias = usesBias
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
  }

  /// Reads the layer's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    outputFeatures = try container.decodeWhole(.outputFeatures)
    usesBias = try container.decode(.usesBias, or: true)
    try container.require((1...1 << 20).contains(outputFeatures), .outputFeatures, "must be 1 to \(1 << 20)")
  }
}

private struct DenseProduct: Operator {
  let inputs: Int
  let outputs: Int
  let usesBias: Bool
  let product: MatrixProduct

  var retains: Retention { .input }

  /// The transposed weights, so that the gradient of the input is a plain product too.
  var preparedCount: Int { inputs * outputs }

  func prepare(_ pass: borrowing PreparePass) {
    var prepared = pass.prepared
    Kernels.transpose(pass.parameter(0), into: &prepared, rows: inputs, columns: outputs)
  }

  func forward(_ pass: borrowing ForwardPass) {
    var output = pass.output()
    product.multiply(
      m: pass.imageCount, n: outputs, k: inputs, pass.input(), leadingDimensionA: inputs, pass.parameter(0),
      leadingDimensionB: outputs, into: &output, leadingDimensionC: outputs)
    if usesBias { Kernels.addBias(pass.parameter(1), to: &output, rows: pass.imageCount, stride: outputs) }
  }

  func backward(_ pass: borrowing BackwardPass) {
    var weightGradient = pass.parameterGradient(0)
    product.multiply(
      m: inputs, n: outputs, k: pass.imageCount, pass.input(), transposeA: true, leadingDimensionA: inputs,
      pass.outputGradient(), leadingDimensionB: outputs, into: &weightGradient, leadingDimensionC: outputs)
    if usesBias {
      var biasGradient = pass.parameterGradient(1)
      Kernels.sumRows(pass.outputGradient(), into: &biasGradient, rows: pass.imageCount)
    }
    guard pass.needsInputGradient else { return }
    var inputGradient = pass.inputGradient()
    product.multiply(
      m: pass.imageCount, n: inputs, k: outputs, pass.outputGradient(), leadingDimensionA: outputs, pass.prepared,
      leadingDimensionB: inputs, into: &inputGradient, leadingDimensionC: inputs)
  }
}
