internal import Support

/// Comma-separated values according to RFC 4180, with plain line feeds.
///
/// A cell may contain any text, including untrusted names. Text that a spreadsheet would take for a formula gets a leading apostrophe, and
/// control characters are escaped, such as `\u{1B}`; `rows(of:)` reverses both.
package enum CSVText {
  /// A row, without a line feed.
  package static func row(_ cells: [String]) -> String { cells.map { quoted(shielded($0)) }.joined(separator: ",") }

  /// A cell, quoted if necessary. Compares bytes: a combining mark after a comma merges with it into one character, but the comma still separates.
  private static func quoted(_ text: String) -> String {
    let special = [UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    guard text.utf8.contains(where: special.contains) else { return text }
    return "\"" + text.parts(separatedBy: "\"").joined(separator: "\"\"") + "\""
  }

  /// The text, made harmless for programs that open or show it.
  private static func shielded(_ text: String) -> String {
    var result = isFormula(text) ? "'" : ""
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      // Text that already reads like an escape gets its backslash escaped.
      if VisibleText.drives(scalar) || text.utf8[rest.startIndex...].starts(with: escape.utf8) {
        result += escape + String(scalar.value, radix: 16) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
      rest.removeFirst()
    }
    return result
  }

  /// Reverses `shielded`.
  private static func unshielded(_ text: String) -> String {
    var result = ""
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      rest.removeFirst()
      guard scalar == "\\", rest.starts(with: ["u", "{"]), let end = rest.prefix(10).firstIndex(of: "}"),
        let value = UInt32(String(rest.dropFirst(2).prefix(upTo: end)), radix: 16), let meant = Unicode.Scalar(value)
      else {
        result.unicodeScalars.append(scalar)
        continue
      }
      result.unicodeScalars.append(meant)
      rest = rest[rest.index(after: end)...]
    }
    return result.utf8.first == apostrophe && isFormula(result) ? String(result.unicodeScalars.dropFirst()) : result
  }

  private static let escape = "\\u{"
  private static let apostrophe = UInt8(ascii: "'")

  /// Whether a spreadsheet takes a text for a formula, or did before it got an apostrophe; numbers do not count.
  ///
  /// Source: OWASP, "CSV Injection". Chinese and Japanese spreadsheets also accept the full-width signs.
  private static func isFormula(_ text: String) -> Bool {
    let start = text.unicodeScalars.drop { $0 == "'" }
    guard let first = start.first, "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first) else { return false }
    return start.startIndex > text.startIndex || !isNumber(text)
  }

  private static func isNumber(_ text: String) -> Bool {
    text.utf8.dropFirst().allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || ".eE+-".utf8.contains($0)
    }
      && Double(text) != nil || text == "-inf"
  }

  private enum Place {
    case plain
    case quoted
    /// After a quote within quotes: it closes them, unless another one follows.
    case afterQuote
  }

  /// Parses rows.
  ///
  /// - Returns: All complete rows, each with the number of bytes up to its end. A last row without a line feed, which a
  ///   killed process may have left, is omitted.
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
        cells.append(unshielded(String(decoding: cell, as: UTF8.self)))
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
