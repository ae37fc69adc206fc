/// A position in a drawing, in points; y grows downwards.
package struct Point: Hashable, Sendable {
  /// Distance from the left edge.
  package var x: Double
  /// Distance from the upper edge.
  package var y: Double

  /// Makes a point.
  package init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// A width and a height, in points.
package struct Size: Hashable, Sendable {
  /// The width.
  package var width: Double
  /// The height.
  package var height: Double

  /// Makes a size.
  package init(_ width: Double, _ height: Double) {
    self.width = width
    self.height = height
  }
}

/// An upright rectangle, in points.
package struct Rectangle: Hashable, Sendable {
  /// The left edge.
  package var left: Double
  /// The upper edge.
  package var top: Double
  /// The width.
  package var width: Double
  /// The height.
  package var height: Double

  /// Makes a rectangle.
  package init(_ left: Double, _ top: Double, width: Double, height: Double) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
  }

  /// The right edge.
  package var right: Double { left + width }
  /// The lower edge.
  package var bottom: Double { top + height }
  /// The middle.
  package var center: Point { Point(left + width / 2, top + height / 2) }

  /// The rectangle reduced by a margin per axis.
  package func inset(left: Double = 0, top: Double = 0, right: Double = 0, bottom: Double = 0) -> Rectangle {
    Rectangle(
      self.left + left, self.top + top, width: max(0, width - left - right), height: max(0, height - top - bottom))
  }

  /// The rectangle reduced by the same margin on all sides.
  package func inset(_ margin: Double) -> Rectangle {
    inset(left: margin, top: margin, right: margin, bottom: margin)
  }
}
