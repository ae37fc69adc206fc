extension Drawing {
  /// The drawing as an SVG element, with its texts as text.
  ///
  /// - Parameters:
  ///   - style: The source of the colors.
  package func svg(_ style: SVGStyle) throws(FigureError) -> String {
    var writer = SVGWriter(style: style)
    for element in elements { try writer.write(element) }
    let (width, height) = (SVGWriter.number(size.width), SVGWriter.number(size.height))
    var head = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\""
    head += " viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-label=\"\(SVGWriter.escaped(title))\""
    head += " font-family=\"'\(TextMeter.family)', Verdana, Helvetica, Arial, sans-serif\">\n"
    let background = "<rect width=\"\(width)\" height=\"\(height)\"\(writer.colors(fill: .background))/>\n"
    let page = style == .inherited ? "" : background
    return head + style.styleElement(for: writer.inks) + page + writer.text + "</svg>\n"
  }
}

/// The source of an SVG element's colors.
package enum SVGStyle: Hashable, Sendable {
  /// The colors are written into the element.
  case fixed(Theme)
  /// The element contains a style sheet that follows the viewer's preference for light or dark.
  case adaptive
  /// The surrounding page contains `StyleSheet`'s rules.
  case inherited

  func styleElement(for inks: Set<Ink>) -> String {
    self == .adaptive ? "<style>\(StyleSheet.text(for: inks))</style>\n" : ""
  }
}

/// The style rules that assign colors to inks, for light and dark pages.
package enum StyleSheet {
  /// The rules of some inks: for light pages, and for screens whose users prefer dark ones.
  package static func text(for inks: some Sequence<Ink>) -> String {
    let names = Dictionary(inks.map { ($0.name, $0) }) { first, _ in first }
    let sorted = names.sorted { $0.key < $1.key }
    func rules(_ theme: Theme) -> String {
      sorted.map { name, ink in
        let color = theme.color(ink).hexadecimal
        return ".f-\(name){fill:\(color)}.s-\(name){stroke:\(color)}"
      }.joined()
    }
    // Pictures of ink store amounts: white is full ink, which is black on paper.
    return rules(.light) + ".ink{filter:invert(1)}@media screen and (prefers-color-scheme:dark){" + rules(.dark)
      + ".ink{filter:none}}"
  }

  /// All inks.
  package static var allInks: [Ink] {
    let amounts = (0...Ink.rampSteps).map { Double($0) / Double(Ink.rampSteps) }
    return [.background, .panel, .text, .muted, .grid, .axis, .good, .bad]
      + (0..<Theme.seriesCount).map(Ink.series) + amounts.map(Ink.ramp) + amounts.map(Ink.onRamp)
  }
}
