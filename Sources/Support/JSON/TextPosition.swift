/// A position in a text, as an editor shows it.
package struct TextPosition: Hashable, Sendable, CustomStringConvertible {
  /// The line, from 1.
  package let line: Int
  /// The byte in the line, from 1.
  package let column: Int

  /// The position of the byte at an index of `text`.
  package init(of index: Int, in text: ArraySlice<UInt8>) {
    let before = text[..<min(max(index, text.startIndex), text.endIndex)]
    line = 1 + before.count { $0 == UInt8(ascii: "\n") }
    column = 1 + before.endIndex - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? before.startIndex)
  }

  /// For example `line 3, column 14`.
  package var description: String { "line \(line), column \(column)" }
}
