/// The table of targets in CONTRIBUTING, row by row.
struct ArchitectureTable {
  struct Row {
    let target: String
    let imports: Set<String>
  }

  let rows: [Row]

  /// Reads the table under the heading "Architecture".
  init(page: String) throws {
    guard let heading = page.firstRange(of: "\n## Architecture\n") else { throw Problem(description: "no heading") }
    let lines = page[heading.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
    let table = lines.drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
    rows = try table.dropFirst(2).map { line in
      let cells = line.split(separator: "|").map { Self.names(in: $0) }
      guard cells.count == 3, let target = cells[0].first else { throw Problem(description: String(line)) }
      return Row(target: target, imports: Set(cells[2]))
    }
  }

  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// The names in backquotes.
  private static func names(in cell: Substring) -> [String] {
    cell.matches(of: /`(\w+)`/).map { String($0.1) }
  }

  subscript(target: String) -> Row? { rows.first { $0.target == target } }
}
