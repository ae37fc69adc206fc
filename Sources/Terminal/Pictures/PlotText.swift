package import Figures
internal import Support

/// Figures as text, for terminals that cannot show pictures: curves in Braille, whose characters have eight dots, and matrices in blocks.
package struct PlotText: Sendable {
  private let columns: Int
  private let isUnicode: Bool

  /// The number of lines of a curve.
  private static let rows = 6
  /// The columns of the numbers beside a curve, with a space after them.
  private static let labelWidth = 10

  /// Sets the width of the terminal, and whether it shows more than ASCII.
  package init(columns: Int, isUnicode: Bool) {
    self.columns = columns
    self.isUnicode = isUnicode
  }

  /// The lines of charts, one curve below the other, because no color can distinguish two.
  package func lines(of charts: [LineChart]) -> [String] {
    charts.flatMap { chart in
      chart.series.flatMap { series in lines(of: series, in: chart) }
    }
  }

  private func lines(of series: LineChart.Series, in chart: LineChart) -> [String] {
    let points = series.points.filter { $0.x.isFinite && $0.y.isFinite }
    guard let first = points.first, let last = points.last else { return [] }
    func text(_ value: Double) -> String {
      chart.y.format == .percent ? NumberText.percent(value, decimals: 1) : NumberText.fixed(value, decimals: 4)
    }
    let name = "\(chart.title), \(VisibleText.of(series.name)), \(chart.x.title)"
    guard points.count > 1 else {
      let line = "\(name) \(NumberText.whole(first.x)): \(text(first.y))"
      return [String(line.prefix(columns)), ""]
    }
    let width = max(8, min(columns, 100) - Self.labelWidth)
    let values = points.map(\.y)
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    var dots = Dots(width: width, rows: Self.rows, isUnicode: isUnicode)
    func column(_ point: Point) -> Double {
      last.x > first.x ? (point.x - first.x) / (last.x - first.x) * Double(dots.columns - 1) : 0
    }
    // Halves, because the difference of two numbers may overflow.
    func row(_ value: Double) -> Double {
      high > low ? (high / 2 - value / 2) / (high / 2 - low / 2) * Double(dots.rows - 1) : Double(dots.rows - 1)
    }
    for (one, next) in zip(points, points.dropFirst()) {
      let (start, end) = (column(one), column(next))
      for place in Int(nearest: start)...max(Int(nearest: start), Int(nearest: end)) {
        let share = end > start ? min(1, max(0, (Double(place) - start) / (end - start))) : 1
        dots.mark(column: place, row: Int(nearest: row(one.y) + (row(next.y) - row(one.y)) * share))
      }
    }
    func label(_ value: Double) -> String {
      let shown = String(text(value).prefix(Self.labelWidth - 1))
      return String(repeating: " ", count: Self.labelWidth - 1 - shown.count) + shown + " "
    }
    let blank = String(repeating: " ", count: Self.labelWidth)
    let body = dots.lines.enumerated().map { number, line in
      (number == 0 ? label(high) : number == Self.rows - 1 ? label(low) : blank) + line
    }
    let title = "\(name) \(NumberText.whole(first.x)) to \(NumberText.whole(last.x))"
    return [String(title.prefix(columns))] + body + [""]
  }

  /// A matrix of shades, 0 to 1: two characters per cell, and the number of its row and column.
  package func lines(ofMatrix amounts: [[Double]], names: [String]) -> [String] {
    let ramp = Array(isUnicode ? " ░▒▓█" : " .:*#")
    func cell(_ amount: Double) -> String {
      let place = min(ramp.count - 1, Int(nearest: (amount.isNaN ? 0 : amount) * Double(ramp.count - 1)))
      return String(repeating: ramp[max(0, place)], count: 2)
    }
    let digits = String(max(0, names.count - 1)).count
    func number(_ place: Int) -> String { String(repeating: " ", count: digits - String(place).count) + String(place) }
    let head = String(repeating: " ", count: digits + 1) + names.indices.map { "\($0 % 10) " }.joined()
    let rows = amounts.enumerated().map { place, row in
      let line = number(place) + " " + row.map(cell).joined() + " " + VisibleText.of(names[place])
      return line.count > columns ? line.prefix(max(0, columns - 1)) + (isUnicode ? "…" : "~") : line
    }
    return [String(head.prefix(columns))] + rows
  }

  /// A grid of dots: two by four per Braille character, or one per asterisk.
  private struct Dots {
    let columns: Int
    let rows: Int
    private let isUnicode: Bool
    private var marks: [[Bool]]

    init(width: Int, rows: Int, isUnicode: Bool) {
      self.isUnicode = isUnicode
      columns = isUnicode ? 2 * width : width
      self.rows = isUnicode ? 4 * rows : rows
      marks = Array(repeating: Array(repeating: false, count: columns), count: self.rows)
    }

    mutating func mark(column: Int, row: Int) {
      if marks.indices.contains(row), marks[row].indices.contains(column) { marks[row][column] = true }
    }

    /// The bits of the dots in a Braille character, row by row (Unicode, chapter 21).
    private static let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

    var lines: [String] {
      guard isUnicode else { return marks.map { $0.map { $0 ? "*" : " " }.joined() } }
      return stride(from: 0, to: rows, by: 4).map { top in
        stride(from: 0, to: columns, by: 2).map { left in
          var code: UInt32 = 0x2800
          for row in 0..<4 {
            for column in 0..<2 where marks[top + row][left + column] { code |= Self.bits[row][column] }
          }
          return Unicode.Scalar(code).map(String.init) ?? " "
        }.joined()
      }
    }
  }
}
