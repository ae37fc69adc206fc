internal import Support

/// A figure: charts side by side, under a title.
package struct Panels {
  /// The title of the figure; may be empty.
  package var title: String
  /// A line under the title; may be empty.
  package var subtitle: String
  /// The charts, row by row.
  package var charts: [any Chart]
  /// The number of charts in a row.
  package var columns: Int

  private static let gap = 28.0
  private static let titleSize = 18.0
  /// The smallest width, so that the title fits over a narrow chart.
  private static let leastWidth = 280.0

  /// Describes a figure.
  ///
  /// - Precondition: At least one chart and one column.
  package init(_ title: String, subtitle: String = "", columns: Int = 2, charts: [any Chart]) {
    require(!charts.isEmpty && columns > 0, "Panels: \(charts.count) charts in \(columns) columns")
    self.title = title
    self.subtitle = subtitle
    self.charts = charts
    self.columns = columns
  }

  /// Draws the figure.
  ///
  /// - Throws: a `FigureError` if the drawing library cannot measure texts.
  ///
  /// - Parameters:
  ///   - margin: The margin around it.
  ///   - described: A description for a figure without a title.
  package func drawing(margin: Double = 20, described: String = "") throws(FigureError) -> Drawing {
    let meter = try TextMeter()
    let sizes = charts.map { $0.naturalSize(meter) }
    let columns = min(columns, charts.count)
    let rows = (charts.count + columns - 1) / columns
    func places(_ index: Int) -> (row: Int, column: Int) { (index / columns, index % columns) }
    let widths = (0..<columns).map { column in
      sizes.indices.filter { places($0).column == column }.reduce(0) { max($0, sizes[$1].width) }
    }
    let heights = (0..<rows).map { row in
      sizes.indices.filter { places($0).row == row }.reduce(0) { max($0, sizes[$1].height) }
    }
    let inner = max(Self.leastWidth, widths.reduce(0, +) + Self.gap * Double(columns - 1))
    let titles = meter.lines(title, size: Self.titleSize, isBold: true, width: inner)
    let subtitles = meter.lines(subtitle, size: Layout.medium, width: inner)
    let titleHeight = Double(titles.count) * Self.titleSize * Layout.lineSpacing
    let subtitleHeight = Double(subtitles.count) * Layout.medium * Layout.lineSpacing
    let head = titleHeight + subtitleHeight + (titleHeight + subtitleHeight > 0 ? 14 : 0)
    let height = head + heights.reduce(0, +) + Self.gap * Double(rows - 1)
    var drawing = Drawing(
      // Whole points, so that no pixel at the edge is only partly covered.
      size: Size((inner + 2 * margin).rounded(.up), (height + 2 * margin).rounded(.up)),
      title: title.isEmpty ? (described.isEmpty ? subtitle : described) : title, meter: meter)

    var y = margin
    for line in titles {
      drawing.text(line, Point(margin, y + Self.titleSize), Lettering(Self.titleSize, isBold: true))
      y += Self.titleSize * Layout.lineSpacing
    }
    for line in subtitles {
      drawing.text(line, Point(margin, y + Layout.medium), Lettering(Layout.medium, ink: .muted))
      y += Layout.medium * Layout.lineSpacing
    }
    for (index, chart) in charts.enumerated() {
      let (row, column) = places(index)
      let left = margin + widths[..<column].reduce(0) { $0 + $1 + Self.gap }
      let top = margin + head + heights[..<row].reduce(0) { $0 + $1 + Self.gap }
      chart.draw(in: Rectangle(left, top, width: widths[column], height: heights[row]), on: &drawing)
    }
    return drawing
  }
}
