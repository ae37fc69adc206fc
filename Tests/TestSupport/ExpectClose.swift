public import Testing

/// Expects every element of a result to be within `tolerance * scale` of a reference in double precision.
///
/// A failure is recorded at the caller's line; it says how many elements are off and shows the first and the worst.
///
/// - Parameters:
///   - got: The result.
///   - reference: The expected values, element by element.
///   - scale: The unit of the tolerance.
///   - tolerance: The largest accepted error, in units of the scale; derive it, do not guess it. 0 asks for equality.
///   - context: A description for the message; evaluated only on failure.
///   - sourceLocation: The line to report.
/// - Returns: Whether all elements are close.
@discardableResult
public func expectClose(
  _ got: [Float], _ reference: [Double], relativeTo scale: ErrorScale = .largest, tolerance: Double,
  _ context: @autoclosure () -> String = "result", sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
  guard got.count == reference.count else {
    Issue.record(
      "\(context()): got \(got.count) elements, expected \(reference.count)", sourceLocation: sourceLocation)
    return false
  }
  let found = mismatches(got, reference, relativeTo: scale, tolerance: tolerance)
  guard let first = found.first else { return true }
  // NaN compares with nothing, so an error that is NaN counts as the largest.
  let worst = found.max { ($1.error.isNaN && !$0.error.isNaN) || $0.error < $1.error } ?? first
  Issue.record(
    "\(context()): \(found.count) of \(got.count) off; first \(first); worst \(worst)",
    sourceLocation: sourceLocation)
  return false
}
