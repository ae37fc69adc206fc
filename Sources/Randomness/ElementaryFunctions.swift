internal import Support

/// The functions that affect the bits of a training, computed with additions, multiplications and divisions only.
///
/// IEEE 754 fixes the result of each of these operations, so the bits are the same on every processor. The C library
/// uses another implementation on processors with fused multiply-add, whose last bit differs.
package enum ElementaryFunctions {
  /// The natural logarithm of a positive, normal, finite number; relative error below 4·10⁻¹⁵ away from 1.
  ///
  /// With x = m·2ᵉ, m in [√½, √2) and s = (m − 1)/(m + 1): ln x = e·ln 2 + 2·(s + s³/3 + s⁵/5 + …), where |s| < 0.172.
  package static func logarithm(_ value: Double) -> Double {
    require(
      value.isNormal && value > 0, "ElementaryFunctions.logarithm: \(value) is not a positive, normal number.")
    var exponent = Double(value.exponent)
    var significand = value.significand
    if significand >= 2.0.squareRoot() {
      significand /= 2
      exponent += 1
    }
    let ratio = (significand - 1) / (significand + 1)
    let square = ratio * ratio
    // 0.172²ᵏ/(2k + 1) falls below half a unit in the last place at k = 10.
    var series = 0.0
    for k in stride(from: 10, through: 0, by: -1) {
      series = series * square + 1 / Double(2 * k + 1)
    }
    return exponent * 0x1.62E42FEFA39EFp-1 + 2 * ratio * series
  }

  /// The exponential function; relative error below 4·10⁻¹⁶ times 1 + |x| / 8. Below −708 it is 0, above 709 infinite; NaN is propagated.
  ///
  /// With n the integer nearest to x / ln 2 and r = x − n·ln 2, which is within 0.35: eˣ = 2ⁿ·eʳ, by the Taylor series.
  package static func exponential(_ value: Double) -> Double {
    guard !value.isNaN else { return value }
    guard value >= -708 else { return 0 }
    guard value <= 709 else { return .infinity }
    let turns = (value * 0x1.71547652B82FEp0).rounded()
    // ln 2 in two parts; the first is so short that its product with an integer is exact.
    let rest = value - turns * 0x1.62E42FEEp-1 - turns * 0x1.A39EF35793C76p-33
    var series = 1.0
    for k in stride(from: 16.0, through: 1, by: -1) { series = 1 + rest / k * series }
    return Double(sign: .plus, exponent: Int(turns), significand: series)
  }

  /// A number to a non-negative integer power, by squaring.
  package static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, left) = (1.0, base, exponent)
    while left > 0 {
      if left % 2 == 1 { result *= square }
      square *= square
      left /= 2
    }
    return result
  }

  /// cos(2π·turns) for turns in [0, 1]; absolute error below 4·10⁻¹⁶.
  ///
  /// The angle is first reduced exactly to within π/4 of a quarter turn, where the Taylor series is short.
  package static func cosine(turns: Double) -> Double {
    require(turns >= 0 && turns <= 1, "ElementaryFunctions.cosine: \(turns) turns is outside 0…1.")
    let quarter = (4 * turns).rounded()
    let angle = (4 * turns - quarter) * 0x1.921FB54442D18p0
    switch Int(quarter) {
    case 1: return -sineNearZero(angle)
    case 2: return -cosineNearZero(angle)
    case 3: return sineNearZero(angle)
    default: return cosineNearZero(angle)
    }
  }

  private static func cosineNearZero(_ angle: Double) -> Double {
    let square = angle * angle
    var series = 1.0
    for k in stride(from: 16.0, through: 2, by: -2) {
      series = 1 - square / (k * (k - 1)) * series
    }
    return series
  }

  private static func sineNearZero(_ angle: Double) -> Double {
    let square = angle * angle
    var series = 1.0
    for k in stride(from: 17.0, through: 3, by: -2) {
      series = 1 - square / (k * (k - 1)) * series
    }
    return angle * series
  }
}
