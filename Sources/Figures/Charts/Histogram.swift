/// Upright bars over a numeric axis that touch each other: how often values fall into each part of a range.
package struct Histogram: Chart, Hashable, Sendable {
  /// One set of bars.
  package struct Series: Hashable, Sendable {
    /// Its name in the legend; may be empty if it is the only one.
    package var name: String
    /// The height of each bar, from left to right.
    package var heights: [Double]

    /// Describes a set of bars.
    package init(_ name: String, heights: [Double]) {
      self.name = name
      self.heights = heights
    }
  }

  /// The title; may be empty.
  package var title: String
  /// The horizontal axis; its range is divided into bars of equal width.
  package var x: Axis
  /// The vertical axis.
  package var y: Axis
  /// The sets of bars: the first filled, the others as outlines over it.
  package var series: [Series]
  /// Lines over the bars.
  package var lines: [LineChart.Series]
  /// Its natural size.
  package var size: Size

  /// Describes a chart.
  package init(
    _ title: String, x: Axis, y: Axis, series: [Series], lines: [LineChart.Series] = [], size: Size = Size(460, 320)
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.lines = lines
    self.size = size
  }

  package func naturalSize(_ meter: TextMeter) -> Size { size }

  package func draw(in area: Rectangle, on drawing: inout Drawing) {
    let range = x.range ?? 0...1
    let heights = series.flatMap(\.heights).filter(\.isFinite)
    let frame = PlotFrame(
      in: area, title: title, x: x, y: y, xs: [range.lowerBound, range.upperBound],
      ys: [0] + heights + lines.flatMap { $0.points.map(\.y) }, legend: Legend(entries: entries), meter: drawing.meter)
    frame.draw(on: &drawing)
    for (index, set) in series.enumerated() {
      if index == 0 { drawBars(set, range: range, frame: frame, on: &drawing) }
      if index > 0 { drawOutline(index, range: range, frame: frame, on: &drawing) }
    }
    for (index, line) in lines.enumerated() {
      drawing.add(.line(line.points.map { frame.place($0.x, $0.y) }, lineStroke(index)))
    }
  }

  private func lineStroke(_ index: Int) -> Stroke {
    Stroke(lines[index].color.map(Ink.series) ?? .muted, width: 1.5, dashes: Dashes.series(lines[index].dashes ?? 1))
  }

  private var entries: [Legend.Entry] {
    let bars = series.indices.map { index in
      Legend.Entry(
        name: series[index].name, ink: .series(index), dashes: index == 0 ? nil : Dashes.series(index - 1), marker: nil)
    }
    return bars
      + lines.indices.map { Legend.Entry(name: lines[$0].name, ink: lineStroke($0).ink, dashes: lineStroke($0).dashes) }
  }

  private func edges(_ count: Int, _ range: ClosedRange<Double>) -> [Double] {
    (0...count).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count) }
  }

  private func drawBars(
    _ set: Series, range: ClosedRange<Double>, frame: PlotFrame, on drawing: inout Drawing
  ) {
    let edges = edges(set.heights.count, range)
    for (index, height) in set.heights.enumerated() where height.isFinite && height > 0 {
      let (topLeft, base) = (frame.place(edges[index], height), frame.place(edges[index + 1], frame.vertical.low))
      let bar = Rectangle(topLeft.x, topLeft.y, width: base.x - topLeft.x, height: base.y - topLeft.y)
      // Neighbors are separated by a gap if it fits.
      let gap = bar.width > 6 ? 0.5 : 0
      let ends = [edges[index], edges[index + 1]].map { DecimalText.short($0, decimals: 3) }
      drawing.titled("\(ends[0]) to \(ends[1]): \(DecimalText.short(height, decimals: 4))") {
        $0.add(.rectangle(bar.inset(left: gap, right: gap), radius: 0, Fill(.series(0), opacity: 0.85), nil))
      }
    }
  }

  private func drawOutline(
    _ index: Int, range: ClosedRange<Double>, frame: PlotFrame, on drawing: inout Drawing
  ) {
    let heights = series[index].heights
    let edges = edges(heights.count, range)
    var points: [Point] = []
    for (bar, height) in heights.enumerated() {
      points += [frame.place(edges[bar], height), frame.place(edges[bar + 1], height)]
    }
    drawing.add(.line(points, Stroke(.series(index), width: 1.8, dashes: Dashes.series(index - 1))))
  }
}
