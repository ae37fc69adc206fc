/// Makes untrusted text safe to show: names from files, folders, arguments and metadata can contain anything.
package enum VisibleText {
  /// The text with every scalar escaped that controls a terminal, breaks a line or changes the writing direction, such
  /// as `\u{1B}`.
  package static func of(_ text: String) -> String {
    // Most texts contain nothing to escape.
    guard text.unicodeScalars.contains(where: drives) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if drives(scalar) {
        result += scalar.escaped(asASCII: true)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The text on one line: its lines, trimmed, joined by single spaces and escaped.
  package static func line(_ text: String) -> String {
    let lines = text.unicodeScalars.split(whereSeparator: endsLine).map { line in
      let start = line.drop(while: \.properties.isWhitespace)
      let end = start.lastIndex { !$0.properties.isWhitespace }
      return end.map { String(String.UnicodeScalarView(start[...$0])) } ?? ""
    }
    return of(lines.filter { !$0.isEmpty }.joined(separator: " "))
  }

  private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }

  /// Whether a scalar acts instead of being shown: Unicode's control characters, its line breaks, and direction marks,
  /// which can make one text look like another.
  package static func drives(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: true
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
