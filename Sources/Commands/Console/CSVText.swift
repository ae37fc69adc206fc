/// Comma-separated values by RFC 4180, with plain line feeds.
package enum CSVText {
  /// A row, without its end.
  package static func row(_ cells: [String]) -> String { cells.map(quoted).joined(separator: ",") }

  /// A cell, in quotes where it must be.
  package static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  private enum Place {
    case plain
    case quoted
    /// After a quote within quotes: it ends them, unless another one follows.
    case afterQuote
  }

  /// The rows of a text.
  ///
  /// - Returns: All rows that are whole, each with the number of bytes up to its end: a last one without its line feed, which a
  ///   process that was killed may have left, is none.
  package static func rows(of bytes: [UInt8]) -> [(cells: [String], end: Int)] {
    var rows: [(cells: [String], end: Int)] = []
    var cells: [String] = []
    var cell: [UInt8] = []
    var place = Place.plain
    for (index, byte) in bytes.enumerated() {
      switch (place, byte) {
      case (.quoted, UInt8(ascii: "\"")): place = .afterQuote
      case (.quoted, _): cell.append(byte)
      case (.afterQuote, UInt8(ascii: "\"")):
        cell.append(byte)
        place = .quoted
      case (.plain, UInt8(ascii: "\"")) where cell.isEmpty: place = .quoted
      case (_, UInt8(ascii: ",")), (_, UInt8(ascii: "\n")):
        cells.append(String(decoding: cell, as: UTF8.self))
        (cell, place) = ([], .plain)
        if byte == UInt8(ascii: "\n") {
          rows.append((cells, index + 1))
          cells = []
        }
      default:
        cell.append(byte)
        place = .plain
      }
    }
    return rows
  }
}
