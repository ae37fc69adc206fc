/// How a text is set.
package struct Lettering: Hashable, Sendable {
  /// Where a text stands, seen from its point.
  package enum Anchor: String, Sendable {
    /// It begins there.
    case start
    /// Its middle is there.
    case middle
    /// It ends there.
    case end
  }

  /// The size of the font in points.
  package var size: Double
  /// Whether the letters are bold.
  package var isBold: Bool
  /// Where the text stands.
  package var anchor: Anchor
  /// Its color.
  package var ink: Ink
  /// Whether the text runs upwards, as the title of a vertical axis does.
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
