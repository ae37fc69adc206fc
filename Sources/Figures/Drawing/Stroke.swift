/// How a line is drawn.
package struct Stroke: Hashable, Sendable {
  /// Its color.
  package var ink: Ink
  /// Its width in points.
  package var width: Double
  /// Lengths of dashes and of the gaps between them, in points; empty for a line without gaps.
  package var dashes: [Double]
  /// Its opacity, 0 to 1.
  package var opacity: Double

  /// Describes a line.
  package init(_ ink: Ink, width: Double = 1, dashes: [Double] = [], opacity: Double = 1) {
    self.ink = ink
    self.width = width
    self.dashes = dashes
    self.opacity = opacity
  }
}

/// How a shape is filled.
package struct Fill: Hashable, Sendable {
  /// Its color.
  package var ink: Ink
  /// Its opacity, 0 to 1.
  package var opacity: Double

  /// Describes a fill.
  package init(_ ink: Ink, opacity: Double = 1) {
    self.ink = ink
    self.opacity = opacity
  }
}
