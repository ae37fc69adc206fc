package import Support

/// The median of measurements, and their spread.
package struct Spread: Equatable, Sendable {
  /// Half of the measurements are not above it.
  package let median: Double
  /// A tenth of the measurements are not above it.
  package let p10: Double
  /// Nine tenths of the measurements are not above it.
  package let p90: Double

  /// Summarizes measurements, in any order. Quantiles between two measurements are interpolated, as NumPy does by default.
  ///
  /// - Precondition: there is at least one.
  package init(_ measurements: [Double]) {
    require(!measurements.isEmpty, "Spread: there are no measurements")
    let sorted = measurements.sorted()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let (lower, upper) = (Int(place), min(Int(place) + 1, sorted.count - 1))
      return sorted[lower] + (sorted[upper] - sorted[lower]) * (place - Double(lower))
    }
    (median, p10, p90) = (quantile(0.5), quantile(0.1), quantile(0.9))
  }

  /// The three as JSON.
  package var json: JSONValue {
    ["median": .significant(median), "p10": .significant(p10), "p90": .significant(p90)]
  }
}
