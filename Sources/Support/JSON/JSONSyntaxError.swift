/// Where a text is not valid JSON, and why.
package struct JSONSyntaxError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The kinds of faults that a caller may have to distinguish.
  package enum Kind: Equatable, Sendable {
    /// A name that occurs twice in an object, with the names of the enclosing members, outermost first.
    case repeatedName(String, within: [String])
    /// Objects and arrays nested more deeply than the reader accepts.
    case tooDeep(limit: Int)
    /// Anything else.
    case malformed
  }

  /// The kind of fault.
  package let kind: Kind
  /// The index of the byte in the text that was read.
  package let index: Int
  /// The same position, as an editor shows it.
  package let position: TextPosition
  /// What is wrong there.
  package let reason: String

  init(_ reason: String, kind: Kind = .malformed, at index: Int, of text: ArraySlice<UInt8>) {
    self.kind = kind
    self.index = index
    position = TextPosition(of: index, in: text)
    self.reason = reason
  }

  /// The line, from 1.
  package var line: Int { position.line }
  /// The byte in the line, from 1.
  package var column: Int { position.column }

  /// Place and reason.
  package var description: String { "\(position): \(reason)" }
}
