/// Points of several kinds over two numeric axes.
package struct ScatterChart: Chart, Hashable, Sendable {
  /// The points of one kind.
  package struct Series: Hashable, Sendable {
    /// Its name in the legend.
    package var name: String
    /// Its points.
    package var points: [Point]

    /// Describes the points of one kind.
    package init(_ name: String, points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// The title; may be empty.
  package var title: String
  /// The horizontal axis.
  package var x: Axis
  /// The vertical axis.
  package var y: Axis
  /// The kinds of points.
  package var series: [Series]
  /// Its natural size.
  package var size: Size

  /// Describes a chart.
  package init(_ title: String, x: Axis, y: Axis, series: [Series], size: Size = Size(620, 560)) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.size = size
  }

  /// With more kinds than this, they are not named: names would cover the points, and their markers would repeat many times.
  package static let mostNames = 40

  private var isNamed: Bool { series.count <= Self.mostNames }

  package func naturalSize(_ meter: TextMeter) -> Size { size }

  package func draw(in area: Rectangle, on drawing: inout Drawing) {
    let points = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    let frame = PlotFrame(
      in: area, title: title, x: x, y: y, xs: points.map(\.x), ys: points.map(\.y),
      legend: Legend(
        entries: isNamed
          ? series.indices.map { Legend.Entry(name: series[$0].name, ink: .series($0), marker: .series($0)) } : []),
      meter: drawing.meter)
    frame.draw(on: &drawing)
    let radius = points.count > 800 ? 2.2 : 3.0
    // Drawn in turns, so that the last kind does not hide the others.
    for place in 0..<(series.map(\.points.count).max() ?? 0) {
      for (index, kind) in series.enumerated() where place < kind.points.count {
        let point = kind.points[place]
        guard point.x.isFinite, point.y.isFinite else { continue }
        Marker.series(index).draw(
          at: frame.place(point.x, point.y), radius: radius, ink: .series(index), opacity: 0.7, on: &drawing)
      }
    }
    if isNamed { drawNames(frame, on: &drawing) }
  }

  /// Writes each kind's name at the middle of its points, so that readers need not look up the colors.
  private func drawNames(_ frame: PlotFrame, on drawing: inout Drawing) {
    var taken: [Rectangle] = []
    for kind in series where !kind.points.isEmpty {
      let places = kind.points.map { frame.place($0.x, $0.y) }
      let width = drawing.meter.width(kind.name, size: Layout.small, isBold: true) + 8
      var center = Point(Self.median(places.map(\.x)), Self.median(places.map(\.y)))
      center.x = min(frame.field.right - width / 2, max(frame.field.left + width / 2, center.x))
      let label = Self.free(Rectangle(center.x - width / 2, center.y - 9, width: width, height: 18), taken, frame.field)
      taken.append(label)
      drawing.add(.rectangle(label, radius: 4, Fill(.background, opacity: 0.8), nil))
      drawing.centeredText(
        kind.name, label.center, Lettering(Layout.small, isBold: true, anchor: .middle))
    }
  }

  /// The free position nearest to a label's preferred one, above or below it.
  private static func free(_ label: Rectangle, _ taken: [Rectangle], _ field: Rectangle) -> Rectangle {
    for step in 0..<40 {
      var moved = label
      moved.top += Double((step + 1) / 2) * (step.isMultiple(of: 2) ? -10 : 10)
      let isInside = moved.top >= field.top && moved.bottom <= field.bottom
      if isInside, !taken.contains(where: moved.overlaps) { return moved }
    }
    return label
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}

extension Rectangle {
  /// Whether two rectangles overlap.
  fileprivate func overlaps(_ other: Rectangle) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }
}
