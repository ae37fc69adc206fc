internal import Support

/// A table in plain text: columns aligned, two spaces apart, with a line of dashes below the heads.
///
/// A table wider than the terminal is reformatted step by step until it fits: heads take several lines, then text, and finally
/// the columns are split into tables below each other, each of which begins with the first column.
package struct TextTable {
  /// The alignment of text in a column.
  package enum Alignment: Sendable {
    /// For text.
    case left
    /// For numbers.
    case right
  }

  private enum Row {
    case cells([String])
    /// A line above the rows that follow.
    case heading(String)

    var cells: [String]? { if case .cells(let cells) = self { cells } else { nil } }
  }

  private let heads: [String]
  private let alignments: [Alignment]
  private var rows: [Row] = []

  /// Makes a table with these columns.
  package init(_ columns: [(head: String, alignment: Alignment)]) {
    heads = columns.map(\.head)
    alignments = columns.map(\.alignment)
  }

  /// Adds a row; escapes control characters in it, because names in a table may come from untrusted sources.
  ///
  /// - Precondition: it has as many cells as there are columns.
  package mutating func append(_ row: [String]) {
    require(row.count == heads.count, "TextTable: a row of \(row.count) cells in \(heads.count) columns: \(row)")
    rows.append(.cells(row.map(VisibleText.of)))
  }

  /// Adds a line above the rows that follow, with an empty line before it.
  package mutating func appendHeading(_ text: String) { rows.append(.heading(VisibleText.of(text))) }

  /// The lines of the table, without trailing spaces, at most as wide as the terminal on standard output.
  package var lines: [String] { lines(columns: FoldedText.terminalColumns) }

  /// The lines of the table, without trailing spaces.
  ///
  /// - Parameter columns: The maximum length of a line.
  package func lines(columns limit: Int) -> [String] {
    let all = Array(heads.indices)
    let natural = all.map { max(heads[$0].count, cellWidth($0)) }
    if Self.width(natural) <= limit { return lines(all, widths: natural, limit) }

    func narrow(_ columns: [Int]) -> [Int] {
      columns.map { max(FoldedText.longestPiece(heads[$0]), cellWidth($0)) }
    }
    if Self.width(narrow(all)) <= limit { return lines(all, widths: narrow(all), limit) }

    let narrow = narrow(all)
    if let widths = shrunk(all, narrow, to: limit) { return lines(all, widths: widths, limit) }

    // Tables below each other.
    guard let first = all.first else { return [] }
    let key = min(narrow[0], max(8, limit / 3))
    var blocks: [(columns: [Int], widths: [Int])] = []
    for (column, width) in zip(all, narrow).dropFirst() {
      let width = min(width, max(1, limit - key - 2))
      if let last = blocks.last, Self.width(last.widths + [width]) <= limit {
        blocks[blocks.count - 1].columns.append(column)
        blocks[blocks.count - 1].widths.append(width)
      } else {
        blocks.append(([first, column], [key, width]))
      }
    }
    if blocks.isEmpty { blocks = [([first], [min(narrow[0], limit)])] }
    return Array(blocks.map { lines($0.columns, widths: $0.widths, limit) }.joined(separator: [""]))
  }

  /// Names and values in two columns without heads. On a terminal, long values are broken at spaces, except for commands, which are meant
  /// to be copied.
  package static func pairs(_ pairs: [(name: String, value: String)]) -> [String] {
    Self.pairs(pairs, columns: FoldedText.terminalColumns)
  }

  /// Names and values in two columns without heads, folded to a number of columns where words are short enough.
  package static func pairs(_ pairs: [(name: String, value: String)], columns limit: Int) -> [String] {
    let width = pairs.reduce(0) { max($0, $1.name.count) } + 2
    return pairs.flatMap { name, value -> [String] in
      let head = name + spaces(width - name.count)
      let value = VisibleText.of(value)
      if width + value.count <= limit { return [trimmed(head + value)] }
      let isCommand = value.utf8.starts(with: "jacquard ".utf8)
      var lines: [String] = []
      for line in isCommand ? [value] : FoldedText.lines(value, columns: max(1, limit - width)) {
        if width + line.count <= limit {
          lines.append((lines.isEmpty ? head : spaces(width)) + line)
        } else {
          // A long path or command gets its own line.
          if lines.isEmpty { lines.append(trimmed(head)) }
          lines.append(spaces(max(2, min(width, limit - line.count))) + line)
        }
      }
      return lines
    }
  }

  /// Text is not folded into columns narrower than this.
  private static let leastTextWidth = 12

  private func cellWidth(_ column: Int) -> Int {
    rows.reduce(0) { max($0, $1.cells?[column].count ?? 0) }
  }

  private static func width(_ widths: [Int]) -> Int { widths.reduce(0, +) + 2 * max(0, widths.count - 1) }

  /// Widths that fit, with folded text if necessary; nil if numbers and words are too long.
  private func shrunk(_ columns: [Int], _ widths: [Int], to limit: Int) -> [Int]? {
    var widths = widths
    let least = columns.indices.map { place -> Int in
      guard alignments[columns[place]] == .left else { return widths[place] }
      let pieces = rows.compactMap { $0.cells.map { FoldedText.longestPiece($0[columns[place]]) } }
      return min(widths[place], max(Self.leastTextWidth, pieces.max() ?? 0))
    }
    while Self.width(widths) > limit {
      let places = widths.indices.filter { widths[$0] > least[$0] }
      guard let widest = places.max(by: { widths[$0] < widths[$1] }) else { return nil }
      widths[widest] -= 1
    }
    return widths
  }

  private func lines(_ columns: [Int], widths: [Int], _ limit: Int) -> [String] {
    let head = lines(columns.map { heads[$0] }, columns, widths: widths, isHead: true)
    let rule = Self.trimmed(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "))
    return head + [rule]
      + rows.flatMap { row -> [String] in
        switch row {
        case .cells(let cells): lines(columns.map { cells[$0] }, columns, widths: widths)
        case .heading(let text): [""] + FoldedText.cells(text, columns: limit)
        }
      }
  }

  /// The lines of one row; heads are aligned to the bottom.
  private func lines(_ cells: [String], _ columns: [Int], widths: [Int], isHead: Bool = false) -> [String] {
    let parts = zip(cells, widths).map { FoldedText.cells($0, columns: $1) }
    let height = parts.reduce(1) { max($0, $1.count) }
    return (0..<height).map { line in
      let texts = parts.indices.map { place -> String in
        let number = isHead ? line - (height - parts[place].count) : line
        let text = parts[place].indices.contains(number) ? parts[place][number] : ""
        let padding = Self.spaces(widths[place] - text.count)
        return alignments[columns[place]] == .left ? text + padding : padding + text
      }
      return Self.trimmed(texts.joined(separator: "  "))
    }
  }

  private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  private static func trimmed(_ line: String) -> String {
    guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
    return String(line[...last])
  }
}
