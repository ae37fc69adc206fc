/// A drawing: elements in drawing order, with inks instead of colors. Charts draw into it, and it is rendered as PNG
/// and SVG.
package struct Drawing {
  /// Its size; the origin is (0, 0).
  package let size: Size
  /// A description for screen readers.
  package let title: String
  /// The elements, from bottom to top.
  package private(set) var elements: [Element] = []
  /// Measures texts for layout.
  package let meter: TextMeter

  /// Makes an empty drawing.
  package init(size: Size, title: String, meter: TextMeter) {
    self.size = size
    self.title = title
    self.meter = meter
  }

  /// Draws an element on top.
  package mutating func add(_ element: Element) { elements.append(element) }

  /// Draws a line between two points.
  package mutating func line(_ from: Point, _ to: Point, _ stroke: Stroke) {
    add(.line([from, to], stroke))
  }

  /// Draws a filled rectangle.
  package mutating func fill(_ rectangle: Rectangle, _ ink: Ink, radius: Double = 0) {
    add(.rectangle(rectangle, radius: radius, Fill(ink), nil))
  }

  /// Draws a text whose baseline goes through a point.
  package mutating func text(_ text: String, _ point: Point, _ lettering: Lettering) {
    if !text.isEmpty { add(.text(text, point, lettering)) }
  }

  /// Draws a text that is vertically centered on a point.
  package mutating func centeredText(_ text: String, _ point: Point, _ lettering: Lettering) {
    // The height of capitals and digits is about 0.72 of the font size.
    let shift = 0.36 * lettering.size
    self.text(
      text, lettering.isVertical ? Point(point.x + shift, point.y) : Point(point.x, point.y + shift), lettering)
  }

  /// Draws several elements with a common tooltip.
  package mutating func titled(_ title: String, _ draw: (inout Drawing) -> Void) {
    var part = Drawing(size: size, title: title, meter: meter)
    draw(&part)
    add(.titled(title, part.elements))
  }
}
