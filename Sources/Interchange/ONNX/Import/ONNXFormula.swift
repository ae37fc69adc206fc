internal import JacquardEngine

/// A function of one number that a graph expresses as several nodes, not yet matched to a layer.
indirect enum ONNXFormula {
  /// The number itself.
  case input
  case number(Double)
  case function(Function, ONNXFormula)
  case operation(Operation, ONNXFormula, ONNXFormula)
  /// The second operand where the first is not 0, the third elsewhere.
  case choice(ONNXFormula, ONNXFormula, ONNXFormula)

  /// A function that is one node.
  enum Function {
    case exponential, logarithm, squareRoot, magnitude, error
    /// A function that is also a layer here.
    case activation(ActivationFunction)

    func value(_ x: Double) -> Double {
      switch self {
      case .exponential: PlainFunctions.exponential(x)
      case .logarithm: PlainFunctions.logarithm(x)
      case .squareRoot: x.squareRoot()
      case .magnitude: x.magnitude
      case .error: PlainFunctions.errorFunction(x)
      case .activation(let function): function.value(x)
      }
    }
  }

  enum Operation {
    case add, subtract, multiply, divide, power
    /// 1 where the comparison holds, 0 elsewhere.
    case greater, greaterOrEqual, less, lessOrEqual

    func value(_ a: Double, _ b: Double) -> Double {
      switch self {
      case .add: a + b
      case .subtract: a - b
      case .multiply: a * b
      case .divide: a / b
      case .power: Self.power(a, b)
      case .greater: a > b ? 1 : 0
      case .greaterOrEqual: a >= b ? 1 : 0
      case .less: a < b ? 1 : 0
      case .lessOrEqual: a <= b ? 1 : 0
      }
    }

    private static func power(_ base: Double, _ exponent: Double) -> Double {
      if exponent == 0.5 { return base.squareRoot() }
      guard let whole = Int(exactly: exponent), whole.magnitude <= 64 else {
        return base < 0 ? .nan : PlainFunctions.exponential(exponent * PlainFunctions.logarithm(base))
      }
      let result = (0..<Int(whole.magnitude)).reduce(1.0) { result, _ in result * base }
      return whole < 0 ? 1 / result : result
    }
  }

  /// The largest number of parts in a formula; activation functions have about ten.
  static let largestCount = 64

  /// The number of parts.
  var count: Int {
    switch self {
    case .input, .number: 1
    case .function(_, let inner): 1 + inner.count
    case .operation(_, let a, let b): 1 + a.count + b.count
    case .choice(let condition, let a, let b): 1 + condition.count + a.count + b.count
    }
  }

  /// The formula's value at `x`.
  func value(_ x: Double) -> Double {
    switch self {
    case .input: x
    case .number(let number): number
    case .function(let function, let inner): function.value(inner.value(x))
    case .operation(let operation, let a, let b): operation.value(a.value(x), b.value(x))
    case .choice(let condition, let a, let b): condition.value(x) != 0 ? a.value(x) : b.value(x)
    }
  }

  /// The formula as `factor · x + term`, if it has that form.
  var linear: (factor: Double, term: Double)? {
    switch self {
    case .input: return (1, 0)
    case .number(let number): return (0, number)
    case .function, .choice: return nil
    case .operation(let operation, let a, let b):
      guard let a = a.linear, let b = b.linear else { return nil }
      switch operation {
      case .add: return (a.factor + b.factor, a.term + b.term)
      case .subtract: return (a.factor - b.factor, a.term - b.term)
      case .multiply where b.factor == 0: return (a.factor * b.term, a.term * b.term)
      case .multiply where a.factor == 0: return (b.factor * a.term, b.term * a.term)
      case .divide where b.factor == 0 && b.term != 0: return (a.factor / b.term, a.term / b.term)
      default: return nil
      }
    }
  }
}

extension ONNXFormula {
  /// The layer that computes the formula; nil if there is none.
  ///
  /// Only the values matter, not the form, because exporters write a function in many ways. They are compared at 500 numbers from −60 to 60, which
  /// are denser where activation functions bend. Parameters are derived from single values.
  var layer: (any Layer)? {
    if case .function(.activation(let function), .input) = self { return Self.layer(of: function) }
    let points = Self.points
    let values = points.map(value)
    guard values.allSatisfy({ !$0.isNaN }) else { return nil }
    func isSame(_ function: (Double) -> Double) -> Bool {
      zip(points, values).allSatisfy { point, value in
        let expected = function(point)
        return (value - expected).magnitude <= 1e-5 * max(1, expected.magnitude)
      }
    }
    if isSame({ max($0, 0) }) { return ReLU() }
    if isSame({ $0 * PlainFunctions.logistic($0) }) { return SiLU() }
    if isSame({ $0 * (1 + PlainFunctions.errorFunction($0 * 0.5.squareRoot())) / 2 }) { return GELU() }
    let slope = -value(-1)
    if 0...1 ~= slope, isSame({ $0 > 0 ? $0 : slope * $0 }) { return LeakyReLU(negativeSlope: Float(slope)) }
    return candidates.first { isSame($0.value) }.map(Self.layer)
  }

  /// The dedicated layer for a function, if one exists.
  private static func layer(of function: ActivationFunction) -> any Layer {
    if function == .clip(minimum: 0) { return ReLU() }
    return function == .swish(alpha: 1) ? SiLU() : Activation(function)
  }

  /// Functions that agree with the formula on the values that determine their parameters.
  private var candidates: [ActivationFunction] {
    var result: [ActivationFunction] = [
      .tanh, .sigmoid, .hardSwish, .softplus, .mish, .approximateGELU, .softsign, .relu6, .selu, .quickGELU,
      .hardSigmoid(), .hardSigmoid(slope: 0.2, offset: 0.5), .elu(),
    ]
    let (low, high) = (Float(value(-60)), Float(value(60)))
    if low < high, low.isFinite, high.isFinite { result.append(.clip(minimum: low, maximum: high)) }
    if low.isFinite { result.append(.clip(minimum: low)) }
    if high.isFinite { result.append(.clip(maximum: high)) }
    let scale = Float(value(1))
    if scale.isFinite, scale != 0, low.isFinite { result.append(.elu(alpha: -low / scale, scale: scale)) }
    let middle = value(0)
    let slope = Float((value(1e-3) - middle) / 1e-3)
    if slope > 0, 0...1 ~= middle { result.append(.hardSigmoid(slope: slope, offset: Float(middle))) }
    let share = value(1)
    if 0 < share, share < 1 {
      result.append(.swish(alpha: Float(PlainFunctions.logarithm(share / (1 - share)))))
    }
    return result
  }

  private static let points: [Double] =
    stride(from: -12.0, through: 12, by: 0.05).map(\.self) + [-60, -30, -20, -15, 15, 20, 30, 60]
}
