/// The lines of a text written by people, such as a list of files or classes.
package enum TextLines {
  /// The trimmed lines, including empty ones. A line ends at a line feed, with or without a carriage return before it.
  package static func trimmed(_ text: String) -> [String] {
    text.parts(separatedBy: "\n").map { line in
      let bytes = line.utf8.drop(while: isSpace)
      let end = bytes.lastIndex { !isSpace($0) }
      return end.map { String(bytes[...$0]) ?? "" } ?? ""
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}
