/// Lines of a text that people write: a list of files, or of classes.
package enum TextLines {
  /// The lines, each without the spaces around it, empty ones included. They end at a line feed, with or without a carriage return
  /// before it.
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
