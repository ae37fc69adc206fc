public import Samples

/// The sigmoid linear unit, or swish: `y = x σ(x)`, elementwise, of any shape (Elfwing et al. 2017).
public struct SiLU: SingleOperatorLayer {
  /// A sigmoid linear unit.
  public init() {}

  public static let type = "silu"
  public static let namePrefix = "silu"

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
      Kernels.silu(pass.input(), into: &output)
    }

    func backward(_ pass: borrowing BackwardPass) {
      var gradient = pass.changingOutputGradient()
      Kernels.siluBackward(input: pass.input(), gradient: &gradient)
    }
  }
}
