public import Samples

/// The largest value of each channel over the whole image: `input [N, H, W, C] → output [N, C]`. The first of equal values receives the gradient.
public struct GlobalMaxPool: SingleOperatorLayer {
  /// A global max pool.
  public init() {}

  public static let type = "global_max_pool"
  public static let namePrefix = "pool"

  public enum CodingKeys: CodingKey, CaseIterable {}

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    try ShapeMismatch.requireImage(input)
    return .vector(input.channels)
  }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    Pooling(shape: input)
  }

  private struct Pooling: Operator {
    let shape: Shape

    var elements: ElementRule { .selection }

    /// The winner is the pixel whose input equals the output: finding it again costs less than storing it.
    var retains: Retention { [.input, .output] }

    func forward(_ pass: borrowing ForwardPass) {
      var output = pass.output()
      Kernels.globalMax(pass.input(), into: &output, images: pass.imageCount, shape: shape)
    }

    func backward(_ pass: borrowing BackwardPass) {
      guard pass.needsInputGradient else { return }
      var inputGradient = pass.inputGradient()
      Kernels.globalMaxBackward(
        pass.outputGradient(), input: pass.input(), output: pass.output(), into: &inputGradient,
        images: pass.imageCount, shape: shape)
    }
  }
}
