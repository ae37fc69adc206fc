/// A drawing that fits into a rectangle.
package protocol Chart: Sendable {
  /// Its natural size.
  func naturalSize(_ meter: TextMeter) -> Size
  /// Draws the chart.
  func draw(in area: Rectangle, on drawing: inout Drawing)
}

/// Sizes that all charts share, in points.
enum Layout {
  /// The size of letters for ticks, legends and captions.
  static let small = 11.0
  /// The size of letters for the titles of axes.
  static let medium = 12.0
  /// The size of letters for the titles of charts.
  static let large = 14.0
  /// The distance between baselines, as a multiple of a size.
  static let lineSpacing = 1.3
}
