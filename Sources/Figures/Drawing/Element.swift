/// An element of a drawing.
package enum Element: Hashable, Sendable {
  /// A line through points.
  case line([Point], Stroke)
  /// A shape with corners at points.
  case polygon([Point], Fill?, Stroke?)
  /// A rectangle with rounded corners.
  case rectangle(Rectangle, radius: Double, Fill?, Stroke?)
  /// A circle.
  case circle(Point, radius: Double, Fill?, Stroke?)
  /// A text on one line, at a point on its baseline.
  case text(String, Point, Lettering)
  /// A picture that fills a rectangle.
  case image(Bitmap, Rectangle, Tone)
  /// Elements with a tooltip.
  case titled(String, [Element])

  /// The meaning of a picture's values.
  package enum Tone: Sendable {
    /// Black and white, or colors.
    case plain
    /// Amounts of ink: 0 is the page and 255 the ink, so the picture is dark on light paper and light on a dark screen.
    case ink
  }
}
