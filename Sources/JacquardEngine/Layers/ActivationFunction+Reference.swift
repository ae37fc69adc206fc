internal import Randomness

extension ActivationFunction {
  /// The function in double precision, by plain formulas: the reference for the kernels.
  package func value(_ x: Double) -> Double {
    let (a, b) = (Double(first), Double(second))
    switch kind {
    case .clip: return x < a ? a : x > b ? b : x
    case .tanh: return PlainFunctions.tanh(x)
    case .sigmoid: return PlainFunctions.logistic(x)
    case .hardSigmoid: return min(max(a * x + b, 0), 1)
    case .hardSwish: return x * min(max(x + 3, 0), 6) / 6
    case .elu: return x > 0 ? b * x : b * a * PlainFunctions.exponentialLessOne(x)
    case .softplus: return PlainFunctions.softplus(x)
    case .mish: return x * PlainFunctions.tanh(PlainFunctions.softplus(x))
    case .approximateGELU:
      return x * PlainFunctions.logistic((8 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))
    case .swish: return x * PlainFunctions.logistic(a * x)
    case .softsign: return x / (1 + x.magnitude)
    }
  }
}

/// Elementary functions of activations in double precision, accurate to almost the last bits.
package enum PlainFunctions {
  /// `eˣ`
  package static func exponential(_ x: Double) -> Double { ElementaryFunctions.exponential(x) }

  /// `eˣ − 1`, with full relative precision near 0.
  package static func exponentialLessOne(_ x: Double) -> Double {
    guard x.magnitude < 0.1 else { return exponential(x) - 1 }
    var series = 1.0
    for k in stride(from: 12.0, through: 2, by: -1) { series = 1 + x / k * series }
    return x * series
  }

  /// `ln x`; the limits if the argument is 0, infinite or subnormal.
  package static func logarithm(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x.isFinite else { return x }
    return ElementaryFunctions.logarithm(max(x, Double.leastNormalMagnitude))
  }

  /// `1 / (1 + e⁻ˣ)`
  package static func logistic(_ x: Double) -> Double { 1 / (1 + exponential(-x)) }

  /// `ln(1 + eˣ)`, with full relative precision where it is small.
  package static func softplus(_ x: Double) -> Double {
    let small = exponential(-x.magnitude)
    // For small s, ln(1 + s) is ln u · s / (u − 1) with the rounded u = 1 + s.
    let sum = 1 + small
    let tail = sum == 1 ? small : logarithm(sum) * small / (sum - 1)
    return max(x, 0) + tail
  }

  /// The hyperbolic tangent.
  package static func tanh(_ x: Double) -> Double {
    let e = exponentialLessOne(-2 * x.magnitude)
    let value = -e / (2 + e)
    return x < 0 ? -value : value
  }

  /// The error function, within 10⁻⁷.
  package static func errorFunction(_ x: Double) -> Double {
    guard x.magnitude < 4 else { return x.isNaN ? x : x < 0 ? -1 : 1 }
    var (term, sum) = (x, x)
    for k in 1...80 {
      let k = Double(k)
      term *= -x * x / k
      sum += term / (2 * k + 1)
    }
    return sum * 2 / Double.pi.squareRoot()
  }
}
