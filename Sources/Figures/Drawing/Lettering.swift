/// How a text is set.
package struct Lettering: Hashable, Sendable {
  /// The position of a text relative to its point.
  package enum Anchor: String, Sendable {
    /// It begins at the point.
    case start
    /// It is centered on the point.
    case middle
    /// It ends at the point.
    case end
  }

  /// The size of the font in points.
  package var size: Double
  /// Whether the letters are bold.
  package var isBold: Bool
  /// The position relative to the point.
  package var anchor: Anchor
  /// Its color.
  package var ink: Ink
  /// Whether the text runs upwards, like the title of a vertical axis.
  package var isVertical: Bool

  /// Describes a text.
  package init(
    _ size: Double, isBold: Bool = false, anchor: Anchor = .start, ink: Ink = .text, isVertical: Bool = false
  ) {
    self.size = size
    self.isBold = isBold
    self.anchor = anchor
    self.ink = ink
    self.isVertical = isVertical
  }
}
