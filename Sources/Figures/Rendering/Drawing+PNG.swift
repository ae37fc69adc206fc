extension Drawing {
  /// The drawing as a PNG file.
  ///
  /// - Parameters:
  ///   - theme: The colors.
  ///   - scale: Pixels per point.
  package func png(_ theme: Theme, scale: Double = 2) throws(FigureError) -> [UInt8] {
    try surface(theme, scale: scale).png()
  }

  /// The drawing as a picture of pixels.
  package func bitmap(_ theme: Theme, scale: Double) throws(FigureError) -> Bitmap {
    try surface(theme, scale: scale).bitmap()
  }

  private func surface(_ theme: Theme, scale: Double) throws(FigureError) -> CairoSurface {
    let surface = try CairoSurface(size, scale: scale)
    let painter = CairoPainter(surface: surface, theme: theme)
    let page = Rectangle(0, 0, width: size.width, height: size.height)
    painter.paint(.rectangle(page, radius: 0, Fill(.background), nil))
    for element in elements { painter.paint(element) }
    return surface
  }
}

/// Draws elements with Cairo in the colors of a theme.
private struct CairoPainter {
  let surface: CairoSurface
  let theme: Theme

  func paint(_ element: Element) {
    switch element {
    case .line(let points, let stroke): path(points, isClosed: false, nil, stroke)
    case .polygon(let points, let fill, let stroke): path(points, isClosed: true, fill, stroke)
    case .rectangle(let rectangle, let radius, let fill, let stroke):
      outline(rectangle, radius: radius)
      finish(fill, stroke)
    case .circle(let center, let radius, let fill, let stroke):
      surface.arc(center, radius: radius, from: 0, to: 2 * .pi)
      surface.closePath()
      finish(fill, stroke)
    case .text(let text, let point, let lettering): write(text, point, lettering)
    case .image(let bitmap, let rectangle, let tone):
      surface.paint(width: bitmap.width, height: bitmap.height, in: rectangle) { column, row in
        bitmap.color(column: column, row: row, tone: tone, theme: theme)
      }
    case .titled(_, let elements): for element in elements { paint(element) }
    }
  }

  private func path(_ points: [Point], isClosed: Bool, _ fill: Fill?, _ stroke: Stroke?) {
    guard let first = points.first else { return }
    surface.move(to: first)
    for point in points.dropFirst() { surface.line(to: point) }
    if isClosed { surface.closePath() }
    finish(fill, stroke)
  }

  private func outline(_ rectangle: Rectangle, radius: Double) {
    let r = min(radius, rectangle.width / 2, rectangle.height / 2)
    let (left, top, right, bottom) = (rectangle.left + r, rectangle.top + r, rectangle.right - r, rectangle.bottom - r)
    let quarter = Double.pi / 2
    surface.endPath()
    surface.arc(Point(right, top), radius: r, from: -quarter, to: 0)
    surface.arc(Point(right, bottom), radius: r, from: 0, to: quarter)
    surface.arc(Point(left, bottom), radius: r, from: quarter, to: 2 * quarter)
    surface.arc(Point(left, top), radius: r, from: 2 * quarter, to: 3 * quarter)
    surface.closePath()
  }

  private func finish(_ fill: Fill?, _ stroke: Stroke?) {
    if let fill { surface.fill(theme.color(fill.ink), opacity: fill.opacity) }
    if let stroke {
      surface.stroke(theme.color(stroke.ink), width: stroke.width, dashes: stroke.dashes, opacity: stroke.opacity)
    }
    surface.endPath()
  }

  private func write(_ text: String, _ point: Point, _ lettering: Lettering) {
    let width = surface.width(of: text, size: lettering.size, isBold: lettering.isBold)
    let shift =
      switch lettering.anchor {
      case .start: 0.0
      case .middle: -width / 2
      case .end: -width
      }
    let start = lettering.isVertical ? Point(point.x, point.y - shift) : Point(point.x + shift, point.y)
    surface.write(
      text, at: start, size: lettering.size, isBold: lettering.isBold, color: theme.color(lettering.ink),
      isVertical: lettering.isVertical)
  }
}

extension Bitmap {
  /// The color of a pixel in a theme.
  func color(column: Int, row: Int, tone: Element.Tone, theme: Theme) -> Color {
    let plain = color(column: column, row: row)
    guard tone == .ink, channels == 1 else { return plain }
    return theme.color(.background).mixed(with: theme.color(.text), share: Double(plain.red) / 255)
  }
}
