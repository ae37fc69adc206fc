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

  /// The length of the difference of two vectors, relative to the reference's length or to `floor` if that is longer.
  ///
  /// - Precondition: both have the same count.
  package static func length(_ result: [Float], _ reference: [Float], floor: Double = 0) -> Double {
    require(result.count == reference.count, "RelativeError: \(result.count) values, \(reference.count) expected")
    let difference = norm(result.indices.map { result[$0] - reference[$0] })
    guard difference.isFinite else { return .infinity }
    return difference == 0 ? 0 : difference / max(norm(reference), floor)
  }

  /// The length of a vector.
  package static func norm(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}
