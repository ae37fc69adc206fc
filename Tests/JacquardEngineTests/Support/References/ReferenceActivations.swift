import Glibc
import JacquardEngine

extension Activation: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    var output = input.mapped(roundings: 8) { function.plain($0) }
    let kinks = function.kinks
    output.margin = input.values.reduce(input.margin) { margin, x in
      kinks.reduce(margin) { min($0, (x - $1).magnitude) }
    }
    return output
  }
}

extension ActivationFunction {
  /// Every function, with non-default parameters if it has any.
  static let all: [ActivationFunction] = [
    .relu6, .clip(minimum: -0.1, maximum: 0.45), .clip(maximum: 0.3), .tanh, .sigmoid, .hardSigmoid(),
    .hardSigmoid(slope: 0.5, offset: 0.25), .hardSwish, .elu(), .elu(alpha: 0.5), .selu, .softplus, .mish,
    .approximateGELU, .quickGELU, .swish(alpha: -0.5), .softsign,
  ]

  /// The function by the C library.
  func plain(_ x: Double) -> Double {
    switch form {
    case .clip(let low, let high): min(max(x, Double(low)), Double(high))
    case .tanh: Glibc.tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .hardSigmoid(let slope, let offset): min(max(Double(slope) * x + Double(offset), 0), 1)
    case .hardSwish: x * min(max(x + 3, 0), 6) / 6
    case .elu(let alpha, let scale): x > 0 ? Double(scale) * x : Double(scale) * Double(alpha) * expm1(x)
    case .softplus: max(x, 0) + log1p(exp(-x.magnitude))
    case .mish: x * Glibc.tanh(max(x, 0) + log1p(exp(-x.magnitude)))
    case .approximateGELU: x / (1 + exp(-Self.exponent(x)))
    case .swish(let alpha): x / (1 + exp(-Double(alpha) * x))
    case .softsign: x / (1 + x.magnitude)
    }
  }

  /// `√(8/π) (x + 0.044715 x³)`: without the difference of two numbers near 1 in the lower tail.
  private static func exponent(_ x: Double) -> Double {
    let cube: Double = x * x * x
    return (8 / Double.pi).squareRoot() * (x + 0.044715 * cube)
  }

  /// Where the derivative jumps.
  var kinks: [Double] {
    switch form {
    case .clip(let low, let high): [Double(low), Double(high)].filter(\.isFinite)
    case .hardSigmoid(let slope, let offset):
      [-Double(offset) / Double(slope), (1 - Double(offset)) / Double(slope)]
    case .hardSwish: [-3, 3]
    case .elu: [0]
    default: []
    }
  }
}
