/// The frame of a chart with two numeric axes: title, legend, grid, ticks and their numbers; it maps data to points.
struct PlotFrame {
  let title: String
  let horizontal: ScaledAxis
  let vertical: ScaledAxis
  let legend: Legend
  /// The area of the data.
  let field: Rectangle

  private let area: Rectangle

  /// Lays out an area.
  ///
  /// - Parameters:
  ///   - xs: All horizontal values.
  ///   - ys: All vertical values.
  init(
    in area: Rectangle, title: String, x: Axis, y: Axis, xs: [Double], ys: [Double], legend: Legend, meter: TextMeter
  ) {
    self.area = area
    self.title = title
    self.legend = legend
    var top = 0.0
    if !title.isEmpty { top += Layout.large * Layout.lineSpacing + 6 }
    let legendHeight = legend.height(width: area.width, meter: meter)
    if legendHeight > 0 { top += legendHeight + 6 }
    let bottom = Layout.small * Layout.lineSpacing + 6 + (x.title.isEmpty ? 0 : Layout.medium * Layout.lineSpacing + 4)
    let height = area.height - top - bottom - 6
    vertical = y.scaled(to: ys, ticks: max(2, Int(height / 34)))
    let numbers = meter.width(ofWidest: vertical.ticks.map(vertical.text), size: Layout.small)
    let left = numbers + 8 + (y.title.isEmpty ? 0 : Layout.medium * Layout.lineSpacing + 4)
    let most = area.width - left - 4
    horizontal = x.scaled(to: xs, ticks: max(2, Int(most / 64)), isTight: true)
    // If the last tick is at the end of the axis, half of its number is beyond the end.
    let last = horizontal.ticks.last.map(horizontal.text) ?? ""
    let width = most - max(8, meter.width(last, size: Layout.small) / 2)
    field = Rectangle(area.left + left, area.top + top + 6, width: width, height: height)
  }

  /// The position of a data point.
  func place(_ x: Double, _ y: Double) -> Point {
    Point(
      field.left + horizontal.place(x) * field.width,
      field.bottom - vertical.place(y) * field.height)
  }

  /// Draws everything except for the data.
  func draw(on drawing: inout Drawing) {
    var y = area.top
    if !title.isEmpty {
      let shown = drawing.meter.fitted(title, size: Layout.large, isBold: true, width: area.width)
      drawing.text(shown, Point(area.left, y + Layout.large), Lettering(Layout.large, isBold: true))
      y += Layout.large * Layout.lineSpacing + 6
    }
    legend.draw(in: Rectangle(area.left, y, width: area.width, height: 0), on: &drawing)
    for tick in vertical.ticks {
      let height = place(horizontal.low, tick).y
      drawing.line(Point(field.left, height), Point(field.right, height), Stroke(.grid))
      drawing.centeredText(
        vertical.text(tick), Point(field.left - 8, height), Lettering(Layout.small, anchor: .end, ink: .muted))
    }
    for tick in horizontal.ticks {
      let left = place(tick, vertical.low).x
      drawing.line(Point(left, field.bottom), Point(left, field.bottom + 4), Stroke(.axis))
      drawing.text(
        horizontal.text(tick), Point(left, field.bottom + 6 + Layout.small),
        Lettering(Layout.small, anchor: .middle, ink: .muted))
    }
    drawing.line(Point(field.left, field.bottom), Point(field.right, field.bottom), Stroke(.axis))
    drawing.text(
      horizontal.axis.title, Point(field.center.x, area.bottom - 3),
      Lettering(Layout.medium, anchor: .middle, ink: .muted))
    drawing.text(
      vertical.axis.title, Point(area.left + Layout.medium, field.center.y),
      Lettering(Layout.medium, anchor: .middle, ink: .muted, isVertical: true))
  }
}
