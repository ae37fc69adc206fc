internal import Support

/// How far a result is from its reference.
package enum RelativeError {
  /// The largest difference, relative to the reference's largest value; infinite where the result is not finite.
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
