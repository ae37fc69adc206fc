internal import Support

/// Writes elements as SVG text.
struct SVGWriter {
  private let style: SVGStyle
  /// What has been written.
  private(set) var text = ""
  /// The inks that were used.
  private(set) var inks: Set<Ink> = [.background]

  init(style: SVGStyle) {
    self.style = style
  }

  /// Writes an element.
  mutating func write(_ element: Element) throws(FigureError) {
    switch element {
    case .line(let points, let stroke):
      shape("polyline points=\"\(Self.list(points))\"", nil, stroke)
    case .polygon(let points, let fill, let stroke): shape("polygon points=\"\(Self.list(points))\"", fill, stroke)
    case .rectangle(let area, let radius, let fill, let stroke):
      let rounding = radius > 0 ? " rx=\"\(Self.number(radius))\"" : ""
      shape("rect \(Self.place(area))\(rounding)", fill, stroke)
    case .circle(let center, let radius, let fill, let stroke):
      let (x, y) = (Self.number(center.x), Self.number(center.y))
      shape("circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(Self.number(radius))\"", fill, stroke)
    case .text(let string, let point, let lettering): write(string, point, lettering)
    case .image(let bitmap, let area, let tone): try write(bitmap, area, tone)
    case .titled(let title, let elements):
      text += "<g><title>\(Self.escaped(title))</title>\n"
      for element in elements { try write(element) }
      text += "</g>\n"
    }
  }

  private mutating func shape(_ head: String, _ fill: Fill?, _ stroke: Stroke?) {
    inks.formUnion([fill?.ink, stroke?.ink].compactMap { $0 })
    text += "<\(head)\(colors(fill: fill?.ink, stroke: stroke?.ink))"
    if let fill, fill.opacity < 1 { text += " fill-opacity=\"\(Self.number(fill.opacity))\"" }
    if fill == nil { text += " fill=\"none\"" }
    if let stroke {
      text += " stroke-width=\"\(Self.number(stroke.width))\" stroke-linejoin=\"round\""
      if stroke.opacity < 1 { text += " stroke-opacity=\"\(Self.number(stroke.opacity))\"" }
      if !stroke.dashes.isEmpty {
        text += " stroke-dasharray=\"\(stroke.dashes.map(Self.number).joined(separator: " "))\""
      }
    }
    text += "/>\n"
  }

  private mutating func write(_ string: String, _ point: Point, _ lettering: Lettering) {
    inks.insert(lettering.ink)
    let (x, y) = (Self.number(point.x), Self.number(point.y))
    let place = lettering.isVertical ? "transform=\"translate(\(x) \(y)) rotate(-90)\"" : "x=\"\(x)\" y=\"\(y)\""
    text += "<text \(place) font-size=\"\(Self.number(lettering.size))\"\(colors(fill: lettering.ink))"
    if lettering.isBold { text += " font-weight=\"bold\"" }
    if lettering.anchor != .start { text += " text-anchor=\"\(lettering.anchor.rawValue)\"" }
    text += ">\(Self.escaped(string))</text>\n"
  }

  private mutating func write(_ bitmap: Bitmap, _ area: Rectangle, _ tone: Element.Tone) throws(FigureError) {
    let isInk = tone == .ink && bitmap.channels == 1
    let shown: Bitmap
    if case .fixed(let theme) = style, isInk { shown = bitmap.inked(in: theme) } else { shown = bitmap }
    let className = isInk && shown == bitmap ? " class=\"ink\"" : ""
    text += "<image \(Self.place(area)) preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\"\(className)"
    text += " href=\"data:image/png;base64,\(Base64.text(try shown.png()))\"/>\n"
  }

  /// The attributes for a shape's colors.
  func colors(fill: Ink?, stroke: Ink? = nil) -> String {
    if case .fixed(let theme) = style {
      return [("fill", fill), ("stroke", stroke)].map { name, ink in
        ink.map { " \(name)=\"\(theme.color($0).hexadecimal)\"" } ?? ""
      }.joined()
    }
    let names = [fill.map { "f-" + $0.name }, stroke.map { "s-" + $0.name }].compactMap { $0 }
    return names.isEmpty ? "" : " class=\"\(names.joined(separator: " "))\""
  }

  /// A number with at most two decimals, finer than any screen.
  static func number(_ value: Double) -> String { DecimalText.short(value, decimals: 2) }

  /// A text, escaped for use between tags and in attributes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
      // XML cannot represent some of these, even escaped, and the others can make one text look like another.
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      case _ where VisibleText.drives(scalar): result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func list(_ points: [Point]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  private static func place(_ area: Rectangle) -> String {
    "x=\"\(number(area.left))\" y=\"\(number(area.top))\" width=\"\(number(area.width))\" height=\"\(number(area.height))\""
  }
}
