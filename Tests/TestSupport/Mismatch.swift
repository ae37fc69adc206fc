/// An element whose error is above its bound.
public struct Mismatch: Equatable, Sendable, CustomStringConvertible {
  /// The element's position.
  public let index: Int
  /// The computed value.
  public let got: Float
  /// The reference value.
  public let expected: Double
  /// The largest accepted error.
  public let bound: Double

  /// The distance of the computed value from the reference.
  public var error: Double { (Double(got) - expected).magnitude }

  /// All values on one line.
  public var description: String {
    "[\(index)]: got \(got), expected \(expected), error \(error), bound \(bound)"
  }

  /// Whether a value is within a bound of its reference. NaN is close to nothing, an infinity only to itself.
  static func isClose(_ got: Float, to expected: Double, within bound: Double) -> Bool {
    Double(got) == expected || (expected.isFinite && (Double(got) - expected).magnitude <= bound)
  }
}

/// Finds the elements of a result that are further from the reference than the bound `tolerance * scale` allows.
///
/// - Parameters:
///   - got: The result.
///   - reference: The expected values, whose own error is negligible; as many as in `got`.
///   - scale: The unit of the tolerance.
///   - tolerance: The largest accepted error, in units of the scale.
/// - Returns: All elements that are too far, in order.
public func mismatches(
  _ got: [Float], _ reference: [Double], relativeTo scale: ErrorScale, tolerance: Double
) -> [Mismatch] {
  let scales = scale.values(for: reference)
  precondition(
    got.count == reference.count && scales.count == reference.count,
    "\(got.count) results, \(reference.count) references, \(scales.count) scales")
  return got.indices.compactMap { index in
    let bound = tolerance * scales[index]
    if Mismatch.isClose(got[index], to: reference[index], within: bound) { return nil }
    return Mismatch(index: index, got: got[index], expected: reference[index], bound: bound)
  }
}
