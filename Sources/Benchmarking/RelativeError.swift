internal import Support

/// The error of a result, relative to its reference.
package enum RelativeError {
  /// The largest difference, relative to the reference's largest value; infinite if the result is not finite.
  ///
  /// - Precondition: both have the same count.
  package static func largest(_ result: [Float], _ reference: [Double]) -> Double {
    require(result.count == reference.count, "RelativeError: \(result.count) values, \(reference.count) expected")
    var (difference, scale) = (0.0, 0.0)
    for index in result.indices {
      guard result[index].isFinite else { return .infinity }
      difference = max(difference, (Double(result[index]) - reference[index]).magnitude)
      scale = max(scale, reference[index].magnitude)
    }
    return difference == 0 ? 0 : difference / scale
  }
}

/// An error, as text in tables.
enum ErrorText {
  /// Two digits, such as `4.2e-7`; `0` for zero.
  static func text(_ error: Double) -> String {
    guard error > 0, error.isFinite else { return error == 0 ? "0" : "∞" }
    var (value, exponent) = (error, 0)
    while value < 0.995 { (value, exponent) = (value * 10, exponent - 1) }
    while value >= 9.95 { (value, exponent) = (value / 10, exponent + 1) }
    return NumberText.fixed(value, decimals: 1) + "e\(exponent)"
  }
}
