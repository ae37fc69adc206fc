/// Text broken into lines that fit a terminal.
package enum FoldedText {
  /// The columns of the terminal on standard output; no limit elsewhere, where programs read whole sentences.
  package static var terminalColumns: Int { StandardStream.output.columns ?? .max }

  /// The lines of a text, broken at spaces. A word longer than a line, such as a path, stays whole.
  ///
  /// - Parameters:
  ///   - columns: The maximum length of a line.
  ///   - indentation: The number of spaces before every line but the first; they count as part of the line.
  package static func lines(_ text: String, columns: Int, indentation: Int = 0) -> [String] {
    if text.count <= columns { return [text] }
    var lines: [String] = []
    var line = ""
    var isEmpty = true
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !isEmpty, line.count + 1 + word.count > columns {
        lines.append(line)
        line = String(repeating: " ", count: indentation) + word
      } else {
        line += (isEmpty ? "" : " ") + word
      }
      isEmpty = false
    }
    return lines + [line]
  }

  /// The lines of a text, each at most as long as a column of a table: broken at spaces, after hyphens and slashes, and anywhere if a word
  /// is longer than the column.
  static func cells(_ text: String, columns: Int) -> [String] {
    if text.count <= columns { return [text] }
    let isPath = longestPiece(text) > columns
    var lines: [String] = []
    var line = ""
    for piece in pieces(text, breaksPaths: isPath) {
      var rest = piece
      if !line.isEmpty, line.count + trimmed(rest).count > columns {
        lines.append(trimmed(line))
        line = ""
      }
      while trimmed(rest).count > columns {
        lines.append(String(rest.prefix(columns)))
        rest.removeFirst(columns)
      }
      line += rest
    }
    return line.isEmpty ? lines : lines + [trimmed(line)]
  }

  /// The longest part of a text that `cells` does not break, except for paths.
  static func longestPiece(_ text: String) -> Int {
    pieces(text, breaksPaths: false).reduce(0) { max($0, trimmed($1).count) }
  }

  /// A text split at its breaks: each piece but the last ends with a space or a hyphen, or with a slash in a path. A number stays with
  /// the word before it.
  private static func pieces(_ text: String, breaksPaths: Bool) -> [String] {
    var pieces = [""]
    var isAtBreak = false
    for character in text {
      if isAtBreak, !character.isNumber { pieces.append("") }
      pieces[pieces.count - 1].append(character)
      isAtBreak = character == " " || character == "-" || (breaksPaths && character == "/")
    }
    return pieces
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
