internal import Support

/// A table whose columns readers can sort.
package struct ReportTable {
  /// A column.
  package struct Column: Hashable, Sendable {
    /// Its head.
    package var name: String
    /// Whether it contains numbers, which are right-aligned and sorted as numbers.
    package var isNumeric: Bool

    /// Describes a column.
    package init(_ name: String, isNumeric: Bool = true) {
      self.name = name
      self.isNumeric = isNumeric
    }
  }

  /// A description for screen readers.
  package var title: String
  /// The columns.
  package var columns: [Column]
  /// The cells, row by row.
  package var rows: [[String]]
  /// Whether readers can sort the table.
  package var isSortable: Bool

  /// Describes a table.
  ///
  /// - Precondition: Each row has a cell per column.
  package init(_ title: String, columns: [Column], rows: [[String]], isSortable: Bool = true) {
    require(
      rows.allSatisfy { $0.count == columns.count }, "ReportTable: \(title) needs \(columns.count) cells in each row")
    self.title = title
    self.columns = columns
    self.rows = rows
    self.isSortable = isSortable
  }

  func write(to html: inout HTML) {
    html.element("div", [("class", "wide"), ("tabindex", "0"), ("role", "region"), ("aria-label", title)]) { html in
      html.element("table", isSortable ? [("class", "sortable")] : []) { html in
        html.element("thead") { html in
          html.element("tr") { html in
            for column in columns {
              html.element("th", [("scope", "col")] + Self.alignment(column), column.name)
            }
          }
        }
        html.element("tbody") { html in
          for row in rows {
            html.element("tr") { html in
              for (column, cell) in zip(columns, row) { html.element("td", Self.alignment(column), cell) }
            }
          }
        }
      }
    }
  }

  private static func alignment(_ column: Column) -> [(String, String)] {
    column.isNumeric ? [("class", "number")] : []
  }
}
