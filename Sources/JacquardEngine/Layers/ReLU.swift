public import Samples

/// The rectifier: `y = max(x, 0)`, elementwise, of any shape.
public struct ReLU: SingleOperatorLayer {
  /// A rectifier.
  public init() {}

  public static let type = "relu"
  public static let namePrefix = "relu"

  public enum CodingKeys: CodingKey, CaseIterable {}

  public func outputShape(for input: Shape) -> Shape { input }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    Rectification(slope: 0)
  }
}

/// `y = x` where `x > 0`, `slope · x` elsewhere, in place; backward reads the case from the sign of `y`.
struct Rectification: Operator {
  let slope: Float

  var isInPlace: Bool { true }
  var retains: Retention { .output }
  var elements: ElementRule { .function }

  func forward(_ pass: borrowing ForwardPass) {
    var values = pass.output()
    Kernels.leakyReLU(&values, slope: slope)
  }

  func backward(_ pass: borrowing BackwardPass) {
    var gradient = pass.changingOutputGradient()
    Kernels.leakyReLUBackward(output: pass.output(), gradient: &gradient, slope: slope)
  }
}
