/// A range of numbers, with its ticks and number format.
package struct Axis: Hashable, Sendable {
  /// The format of the numbers at the ticks.
  package enum Format: Hashable, Sendable {
    /// As numbers, with as many decimals as the distance of the ticks needs.
    case number
    /// A fraction, in percent.
    case percent
    /// Whole numbers, in groups of three digits; ticks are whole too.
    case whole
    /// The powers of ten that the numbers are exponents of; ticks are whole exponents.
    case powerOfTen
  }

  /// The title: what the numbers mean.
  package var title: String
  /// The format of the numbers.
  package var format: Format
  /// The ends of the axis; nil for the range of the data.
  package var range: ClosedRange<Double>?

  /// Describes an axis.
  package init(_ title: String, format: Format = .number, range: ClosedRange<Double>? = nil) {
    self.title = title
    self.format = format
    self.range = range
  }

  /// The largest magnitude of an end, so that the distance of two ends is finite; larger numbers are outside the chart.
  private static let largest = 1e300
  /// The smallest extent relative to the magnitude of the ends, so that ticks are distinct.
  private static let leastExtent = 1e-9

  /// The axis with a range that holds all of `values` and ends at ticks.
  ///
  /// - Parameters:
  ///   - count: The approximate number of ticks that fit.
  ///   - isTight: Whether the range may end with the data, between ticks.
  func scaled(to values: some Collection<Double>, ticks count: Int, isTight: Bool = false) -> ScaledAxis {
    let finite = values.lazy.filter(\.isFinite)
    var low = max(range?.lowerBound ?? finite.min() ?? 0, -Self.largest)
    var high = min(range?.upperBound ?? finite.max() ?? 1, Self.largest)
    let magnitude = max(low.magnitude, high.magnitude)
    if high - low <= max(magnitude * Self.leastExtent, 1 / Self.largest) {
      // A single value, or values too close to distinguish, gets a margin on both sides.
      let room = max(magnitude * 0.1, format == .whole ? 1 : 1e-6)
      (low, high) = (low - room, high + room)
    }
    let step = Self.step(for: high - low, ticks: count, isWhole: format == .whole || format == .powerOfTen)
    if range == nil, !isTight {
      low = (low / step + 1e-9).rounded(.down) * step
      high = (high / step - 1e-9).rounded(.up) * step
    }
    let first = Int((low / step - 1e-6).rounded(.up))
    let last = max(first, Int((high / step + 1e-6).rounded(.down)))
    return ScaledAxis(axis: self, low: low, high: high, step: step, ticks: (first...last).map { Double($0) * step })
  }

  /// The distance of ticks: 1, 2 or 5 times a power of ten, for at most about `ticks` ticks.
  private static func step(for extent: Double, ticks: Int, isWhole: Bool) -> Double {
    let rough = extent / Double(max(1, ticks))
    var power = 1.0
    while power > rough { power /= 10 }
    while power * 10 <= rough { power *= 10 }
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? 10 * power
    return isWhole ? max(1, step) : step
  }
}

/// An axis with numbers.
struct ScaledAxis {
  let axis: Axis
  let low: Double
  let high: Double
  let step: Double
  /// The positions of the ticks.
  let ticks: [Double]

  /// The position of a number, 0 at the beginning of the axis and 1 at its end.
  func place(_ value: Double) -> Double { (value - low) / (high - low) }

  /// The text of a number at a tick.
  func text(_ value: Double) -> String {
    let factor = axis.format == .percent ? 100.0 : 1
    var decimals = 0
    var unit = step * factor
    while decimals < 9, (unit - unit.rounded()).magnitude > 1e-6 * unit {
      decimals += 1
      unit *= 10
    }
    switch axis.format {
    case .whole: return DecimalText.grouped(value)
    case .powerOfTen: return DecimalText.power(value)
    case .percent: return DecimalText.fixed(value * factor, decimals: decimals) + " %"
    case .number: return value.magnitude < step * 1e-6 ? "0" : DecimalText.fixed(value, decimals: decimals)
    }
  }
}
