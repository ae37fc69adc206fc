internal import Support

/// A table in plain text: columns aligned, two spaces apart, a line of dashes under the heads.
package struct TextTable {
  /// On which side of its column a text stands.
  package enum Alignment: Sendable {
    /// Texts.
    case left
    /// Numbers.
    case right
  }

  private let heads: [String]
  private let alignments: [Alignment]
  private var rows: [[String]] = []

  /// Makes a table with these columns.
  package init(_ columns: [(head: String, alignment: Alignment)]) {
    heads = columns.map(\.head)
    alignments = columns.map(\.alignment)
  }

  /// Adds a row; control characters in it become visible, for many a name in a table is somebody else's.
  ///
  /// - Precondition: it has as many cells as there are columns.
  package mutating func append(_ row: [String]) {
    require(row.count == heads.count, "TextTable: a row of \(row.count) cells in \(heads.count) columns: \(row)")
    rows.append(row.map(VisibleText.of))
  }

  /// The lines of the table, without spaces at their ends.
  package var lines: [String] {
    let widths = heads.indices.map { column in
      rows.reduce(heads[column].count) { max($0, $1[column].count) }
    }
    let rule = widths.map { String(repeating: "-", count: $0) }
    return ([heads, rule] + rows).map { line($0, widths: widths) }
  }

  /// Names and values in two columns without heads.
  package static func pairs(_ pairs: [(name: String, value: String)]) -> [String] {
    let width = pairs.reduce(0) { max($0, $1.name.count) }
    return pairs.map { trimmed($0.name + spaces(width - $0.name.count) + "  " + $0.value) }
  }

  private func line(_ cells: [String], widths: [Int]) -> String {
    let padded = cells.indices.map { column in
      let padding = Self.spaces(widths[column] - cells[column].count)
      return alignments[column] == .left ? cells[column] + padding : padding + cells[column]
    }
    return Self.trimmed(padded.joined(separator: "  "))
  }

  private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

  private static func trimmed(_ line: String) -> String {
    guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
    return String(line[...last])
  }
}
