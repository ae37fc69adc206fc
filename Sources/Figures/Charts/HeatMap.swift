internal import Support

/// A matrix as shaded cells with numbers in them.
package struct HeatMap: Chart, Hashable, Sendable {
  /// The title; may be empty.
  package var title: String
  /// The title of the rows.
  package var rowTitle: String
  /// The title of the columns.
  package var columnTitle: String
  /// The names of the rows.
  package var rows: [String]
  /// The names of the columns.
  package var columns: [String]
  /// The shade of each cell, 0 to 1, row by row.
  package var amounts: [[Double]]
  /// The text in each cell, row by row.
  package var texts: [[String]]

  private static let cellHeight = 34.0
  /// The widest name of a row, in points.
  private static let longestName = 320.0
  /// The largest number of scalars of a name in the tooltip of a cell.
  private static let nameInTip = 120

  /// Describes a matrix.
  ///
  /// - Precondition: Amounts and texts have one row and column per name.
  package init(
    _ title: String, rowTitle: String, columnTitle: String, rows: [String], columns: [String], amounts: [[Double]],
    texts: [[String]]
  ) {
    require(
      amounts.count == rows.count && texts.count == rows.count
        && (amounts.map(\.count) + texts.map(\.count)).allSatisfy { $0 == columns.count },
      "HeatMap: \(rows.count) rows and \(columns.count) columns need as many amounts and texts")
    self.title = title
    self.rowTitle = rowTitle
    self.columnTitle = columnTitle
    self.rows = rows
    self.columns = columns
    self.amounts = amounts
    self.texts = texts
  }

  private var titleHeight: Double { title.isEmpty ? 0 : Layout.large * Layout.lineSpacing + 10 }
  private var axisRoom: Double { Layout.medium * Layout.lineSpacing + 6 }

  /// The names of the rows, shortened to fit.
  private func rowNames(_ meter: TextMeter) -> [String] {
    rows.map { meter.fitted($0, size: Layout.small, width: Self.longestName) }
  }

  private func nameWidth(_ meter: TextMeter) -> Double {
    meter.width(ofWidest: rowNames(meter), size: Layout.small) + 10
  }

  /// The width of a cell: wide enough for the longest word of the columns' names, within limits.
  private func cellWidth(_ meter: TextMeter) -> Double {
    let words = columns.flatMap { $0.replacingSlashes.split(separator: " ").map(String.init) }
    let shown = words.map { meter.fitted($0, size: Layout.small, width: 72) }
    return min(72, max(46, (meter.width(ofWidest: shown, size: Layout.small) + 8).rounded(.up)))
  }

  /// The lines of the columns' names.
  private func columnLines(_ meter: TextMeter) -> [[String]] {
    let width = cellWidth(meter) - 4
    return columns.map { meter.lines($0.replacingSlashes, size: Layout.small, width: width) }
  }

  package func naturalSize(_ meter: TextMeter) -> Size {
    let lines = columnLines(meter).map(\.count).max() ?? 1
    return Size(
      axisRoom + nameWidth(meter) + cellWidth(meter) * Double(columns.count),
      titleHeight + axisRoom + 10 + Double(lines) * Layout.small * Layout.lineSpacing
        + Self.cellHeight * Double(rows.count))
  }

  package func draw(in area: Rectangle, on drawing: inout Drawing) {
    let meter = drawing.meter
    if !title.isEmpty {
      drawing.text(title, Point(area.left, area.top + Layout.large), Lettering(Layout.large, isBold: true))
    }
    let names = columnLines(meter)
    let cell = Size(cellWidth(meter), Self.cellHeight)
    let nameHeight = Double(names.map(\.count).max() ?? 1) * Layout.small * Layout.lineSpacing + 10
    let left = area.left + axisRoom + nameWidth(meter)
    let top = area.top + titleHeight + axisRoom + nameHeight
    let (width, height) = (cell.width * Double(columns.count), cell.height * Double(rows.count))
    drawing.text(
      columnTitle, Point(left + width / 2, area.top + titleHeight + Layout.medium),
      Lettering(Layout.medium, anchor: .middle, ink: .muted))
    drawing.text(
      rowTitle, Point(area.left + Layout.medium, top + height / 2),
      Lettering(Layout.medium, anchor: .middle, ink: .muted, isVertical: true))
    for (column, lines) in names.enumerated() {
      for (number, line) in lines.reversed().enumerated() {
        drawing.text(
          line,
          Point(
            left + (Double(column) + 0.5) * cell.width,
            top - 8 - Double(number) * Layout.small * Layout.lineSpacing),
          Lettering(Layout.small, anchor: .middle))
      }
    }
    for (row, name) in rowNames(meter).enumerated() {
      let y = top + (Double(row) + 0.5) * cell.height
      drawing.centeredText(name, Point(left - 8, y), Lettering(Layout.small, anchor: .end))
      for column in columns.indices {
        let place = Rectangle(
          left + Double(column) * cell.width, top + Double(row) * cell.height, width: cell.width,
          height: cell.height)
        draw(row, column, in: place.inset(1), on: &drawing)
      }
    }
  }

  private static func short(_ name: String) -> String {
    let start = name.unicodeScalars.prefix(nameInTip)
    return start.endIndex < name.endIndex ? String(String.UnicodeScalarView(start)) + "…" : name
  }

  private func draw(_ row: Int, _ column: Int, in cell: Rectangle, on drawing: inout Drawing) {
    let amount = amounts[row][column]
    let (rowName, columnName) = (Self.short(rows[row]), Self.short(columns[column]))
    drawing.titled("\(rowTitle) \(rowName), \(columnTitle) \(columnName): \(texts[row][column])") { part in
      part.fill(cell, .ramp(amount), radius: 2)
      part.centeredText(
        texts[row][column], cell.center,
        Lettering(Layout.medium, isBold: row == column, anchor: .middle, ink: .onRamp(amount)))
    }
  }
}

extension String {
  /// The text with a possible line break after each slash.
  fileprivate var replacingSlashes: String {
    reduce(into: "") { text, character in text += character == "/" ? "/ " : String(character) }
  }
}
