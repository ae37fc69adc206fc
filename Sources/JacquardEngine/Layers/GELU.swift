public import Samples

/// The Gaussian error linear unit: `y = x Φ(x)` with the exact normal distribution function (Hendrycks and Gimpel
/// 2016).
public struct GELU: SingleOperatorLayer {
  /// A Gaussian error linear unit.
  public init() {}

  public static let type = "gelu"
  public static let namePrefix = "gelu"

  public enum CodingKeys: CodingKey, CaseIterable {}

  public func outputShape(for input: Shape) -> Shape { input }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    Activation()
  }

  private struct Activation: Operator {
    var isGradientInPlace: Bool { true }
    var retains: Retention { .input }
    var elements: ElementRule { .function }

    func forward(_ pass: borrowing ForwardPass) {
      var output = pass.output()
      Kernels.gelu(pass.input(), into: &output)
    }

    func backward(_ pass: borrowing BackwardPass) {
      var gradient = pass.changingOutputGradient()
      Kernels.geluBackward(input: pass.input(), gradient: &gradient)
    }
  }
}
