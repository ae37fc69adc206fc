/// Lines over two numeric axes.
package struct LineChart: Chart, Hashable, Sendable {
  /// One line.
  package struct Series: Hashable, Sendable {
    /// Its name in the legend.
    package var name: String
    /// Its points from left to right; one that is not finite interrupts the line.
    package var points: [Point]
    /// The number of its color, from 0; nil for its index among the series.
    package var color: Int?
    /// The number of its dashes, from 0; nil for its index among the series.
    package var dashes: Int?
    /// The marker of its points; nil for that of its index among the series.
    package var marker: Marker?
    /// Whether points are marked; nil to mark them if they are few.
    package var isMarked: Bool?

    /// Describes a line.
    package init(
      _ name: String, points: [Point], color: Int? = nil, dashes: Int? = nil, marker: Marker? = nil,
      isMarked: Bool? = nil
    ) {
      self.name = name
      self.points = points
      self.color = color
      self.dashes = dashes
      self.marker = marker
      self.isMarked = isMarked
    }
  }

  /// An entry of a legend that explains colors and line styles separately.
  package struct Key: Hashable, Sendable {
    /// Its text.
    package var name: String
    /// The number of its color, from 0; nil for a neutral color.
    package var color: Int?
    /// The number of its dashes, from 0; nil for no line.
    package var dashes: Int?
    /// The marker that it explains; nil for none.
    package var marker: Marker?

    /// Describes an entry.
    package init(_ name: String, color: Int? = nil, dashes: Int? = nil, marker: Marker? = nil) {
      self.name = name
      self.color = color
      self.dashes = dashes
      self.marker = marker
    }
  }

  /// The title; may be empty.
  package var title: String
  /// The horizontal axis.
  package var x: Axis
  /// The vertical axis.
  package var y: Axis
  /// The lines; a single one without a name needs no legend.
  package var series: [Series]
  /// The entries of the legend; nil for one per line.
  package var keys: [Key]?
  /// Its natural size.
  package var size: Size

  /// Describes a chart.
  package init(
    _ title: String, x: Axis, y: Axis, series: [Series], keys: [Key]? = nil, size: Size = Size(460, 320)
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.keys = keys
    self.size = size
  }

  package func naturalSize(_ meter: TextMeter) -> Size { size }

  package func draw(in area: Rectangle, on drawing: inout Drawing) {
    let points = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    let frame = PlotFrame(
      in: area, title: title, x: x, y: y, xs: points.map(\.x), ys: points.map(\.y),
      legend: Legend(entries: entries), meter: drawing.meter)
    frame.draw(on: &drawing)
    if points.isEmpty {
      drawing.centeredText("no data", frame.field.center, Lettering(Layout.medium, anchor: .middle, ink: .muted))
    }
    // The first series is the most important one, so it is drawn last.
    for index in series.indices.reversed() { draw(index, frame: frame, on: &drawing) }
  }

  private var entries: [Legend.Entry] {
    if let keys {
      return keys.map { key in
        Legend.Entry(
          name: key.name, ink: key.color.map(Ink.series) ?? .muted, dashes: key.dashes.map(Dashes.series),
          marker: key.marker)
      }
    }
    return series.indices.map { index in
      Legend.Entry(
        name: series[index].name, ink: ink(index), dashes: dashes(index), marker: isMarked(index) ? marker(index) : nil)
    }
  }

  private func ink(_ index: Int) -> Ink { .series(series[index].color ?? index) }
  private func dashes(_ index: Int) -> [Double] { Dashes.series(series[index].dashes ?? index) }
  private func marker(_ index: Int) -> Marker { series[index].marker ?? .series(index) }
  private func isMarked(_ index: Int) -> Bool { series[index].isMarked ?? (series[index].points.count <= 25) }

  private func draw(_ index: Int, frame: PlotFrame, on drawing: inout Drawing) {
    let finite = series[index].points.split { !$0.x.isFinite || !$0.y.isFinite }
    for run in finite where run.count > 1 {
      let places = run.map { frame.place($0.x, $0.y) }
      drawing.add(.line(places, Stroke(ink(index), width: 2, dashes: dashes(index))))
    }
    guard isMarked(index) else { return }
    for point in finite.joined() {
      drawing.titled(label(index, point, frame)) { part in
        marker(index).draw(at: frame.place(point.x, point.y), radius: 3.2, ink: ink(index), on: &part)
      }
    }
  }

  private func label(_ index: Int, _ point: Point, _ frame: PlotFrame) -> String {
    let name = series[index].name.isEmpty ? "" : series[index].name + ", "
    let value = y.format == .percent ? DecimalText.short(point.y * 100, decimals: 2) + " %" : Self.short(point.y)
    let place = x.format == .powerOfTen ? DecimalText.power(point.x) : DecimalText.short(point.x, decimals: 4)
    return "\(name)\(x.title) \(place): \(value)"
  }

  private static func short(_ value: Double) -> String {
    DecimalText.short(value, decimals: value.magnitude < 0.1 ? 6 : 4)
  }
}
