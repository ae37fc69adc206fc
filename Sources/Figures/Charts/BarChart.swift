internal import Support

/// Horizontal bars, one group per category, with their values beside them.
package struct BarChart: Chart, Hashable, Sendable {
  /// The title; may be empty.
  package var title: String
  /// The title of the lengths.
  package var axis: Axis
  /// The categories, from top to bottom.
  package var categories: [String]
  /// The names of the bars in each group; a single one may be empty.
  package var series: [String]
  /// The values, `[series][category]`, not negative; infinite and NaN values have no bar.
  package var values: [[Double]]
  /// Its natural width.
  package var width: Double

  /// Describes a chart.
  ///
  /// - Precondition: There is one list of values per series, with one value per category.
  package init(
    _ title: String, axis: Axis, categories: [String], series: [String], values: [[Double]], width: Double = 460
  ) {
    require(
      values.count == series.count && values.allSatisfy { $0.count == categories.count },
      "BarChart: expected \(series.count) series of \(categories.count) values")
    self.title = title
    self.axis = axis
    self.categories = categories
    self.series = series
    self.values = values
    self.width = width
  }

  private var barHeight: Double { series.count == 1 ? 17 : 12 }
  private var groupHeight: Double { barHeight * Double(series.count) + 9 }
  private var titleHeight: Double { title.isEmpty ? 0 : Layout.large * Layout.lineSpacing + 6 }
  private var axisHeight: Double { axis.title.isEmpty ? 4 : Layout.medium * Layout.lineSpacing + 8 }

  private var legend: Legend {
    Legend(entries: series.indices.map { Legend.Entry(name: series[$0], ink: .series($0)) })
  }

  private func legendHeight(_ width: Double, _ meter: TextMeter) -> Double {
    let height = legend.height(width: width, meter: meter)
    return height > 0 ? height + 8 : 0
  }

  package func naturalSize(_ meter: TextMeter) -> Size {
    Size(
      width,
      titleHeight + legendHeight(width, meter) + groupHeight * Double(categories.count) + axisHeight)
  }

  package func draw(in area: Rectangle, on drawing: inout Drawing) {
    let meter = drawing.meter
    if !title.isEmpty {
      drawing.text(title, Point(area.left, area.top + Layout.large), Lettering(Layout.large, isBold: true))
    }
    legend.draw(in: area.inset(top: titleHeight), on: &drawing)
    let top = area.top + titleHeight + legendHeight(area.width, meter)
    let left = area.left + meter.width(ofWidest: categories, size: Layout.small) + 10
    let numbers = meter.width(ofWidest: values.joined().map(text), size: Layout.small) + 8
    let length = max(10, area.right - left - numbers)
    let largest = axis.range?.upperBound ?? values.joined().lazy.filter(\.isFinite).max() ?? 1
    for (place, category) in categories.enumerated() {
      let y = top + Double(place) * groupHeight
      drawing.centeredText(
        category, Point(left - 8, y + (groupHeight - 9) / 2), Lettering(Layout.small, anchor: .end))
      for (index, list) in values.enumerated() where list[place].isFinite {
        let bar = Rectangle(
          left, y + Double(index) * barHeight,
          width: largest > 0 ? min(1, max(0, list[place] / largest)) * length : 0, height: barHeight - 1)
        drawing.titled([series[index], category, text(list[place])].filter { !$0.isEmpty }.joined(separator: ", ")) {
          $0.fill(bar, .series(index), radius: 2)
        }
        drawing.centeredText(
          text(list[place]), Point(bar.right + 6, bar.center.y), Lettering(Layout.small, ink: .muted))
      }
    }
    let bottom = top + groupHeight * Double(categories.count)
    drawing.line(Point(left, top - 3), Point(left, bottom - 6), Stroke(.axis))
    drawing.text(
      axis.title, Point(left, bottom + Layout.medium), Lettering(Layout.medium, ink: .muted))
  }

  private func text(_ value: Double) -> String {
    switch axis.format {
    case .percent: DecimalText.fixed(value * 100, decimals: 1) + " %"
    case .whole: DecimalText.grouped(value)
    case .powerOfTen: DecimalText.power(value)
    case .number: DecimalText.short(value, decimals: 4)
    }
  }
}
