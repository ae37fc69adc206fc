/// A drawing: elements in the order in which they are drawn, in inks instead of colors. What a chart becomes, and what PNG and SVG
/// are made of.
package struct Drawing {
  /// Its extent, from (0, 0).
  package let size: Size
  /// What it shows, for those who cannot see it.
  package let title: String
  /// What is drawn, the first beneath all others.
  package private(set) var elements: [Element] = []
  /// Measures texts, for whoever has to make room for them.
  package let meter: TextMeter

  /// Begins an empty drawing.
  package init(size: Size, title: String, meter: TextMeter) {
    self.size = size
    self.title = title
    self.meter = meter
  }

  /// Draws an element over all others.
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

  /// Draws a text whose letters are centered on a point's height.
  package mutating func centeredText(_ text: String, _ point: Point, _ lettering: Lettering) {
    // Capitals and digits are about 0.72 of the font's size high.
    let shift = 0.36 * lettering.size
    self.text(
      text, lettering.isVertical ? Point(point.x + shift, point.y) : Point(point.x, point.y + shift), lettering)
  }

  /// Draws several elements as one that says what it is when it is pointed at.
  package mutating func titled(_ title: String, _ draw: (inout Drawing) -> Void) {
    var part = Drawing(size: size, title: title, meter: meter)
    draw(&part)
    add(.titled(title, part.elements))
  }
}
