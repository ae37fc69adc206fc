public import Samples

/// The mean of each channel over the whole image: `input [N, H, W, C] → output [N, C]`.
public struct GlobalAveragePool: SingleOperatorLayer {
  /// A global average pool.
  public init() {}

  public static let type = "global_average_pool"
  public static let namePrefix = "pool"

  public enum CodingKeys: CodingKey, CaseIterable {}

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    try ShapeMismatch.requireImage(input)
    return .vector(input.channels)
  }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    GlobalAveraging(shape: input)
  }
}

/// The operator of `GlobalAveragePool`.
struct GlobalAveraging: Operator {
  let shape: Shape

  func forward(_ pass: borrowing ForwardPass) {
    var output = pass.output()
    Kernels.globalAverage(pass.input(), into: &output, images: pass.imageCount, shape: shape)
  }

  func backward(_ pass: borrowing BackwardPass) {
    guard pass.needsInputGradient else { return }
    var inputGradient = pass.inputGradient()
    Kernels.globalAverageBackward(
      pass.outputGradient(), into: &inputGradient, images: pass.imageCount, shape: shape)
  }
}
