/// Where a text stops being JSON, and why.
package struct JSONSyntaxError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The line, from 1.
  package let line: Int
  /// The byte in the line, from 1.
  package let column: Int
  /// What is wrong there.
  package let reason: String

  /// Describes an error at an offset of a text.
  init(_ reason: String, at offset: Int, of bytes: [UInt8]) {
    let before = bytes.prefix(offset)
    line = 1 + before.count { $0 == UInt8(ascii: "\n") }
    column = 1 + (before.lastIndex(of: UInt8(ascii: "\n")).map { offset - $0 - 1 } ?? offset)
    self.reason = reason
  }

  /// Place and reason.
  package var description: String { "line \(line), column \(column): \(reason)" }
}
