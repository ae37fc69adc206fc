/// Where a text stops being JSON, and why.
package struct JSONSyntaxError: Error, Equatable, CustomStringConvertible, Sendable {
  /// What a reader may have to tell apart.
  package enum Kind: Equatable, Sendable {
    /// A name that an object has twice, with the names of the members around that object, outermost first.
    case repeatedName(String, within: [String])
    /// More objects and arrays inside each other than the reader takes.
    case tooDeep(limit: Int)
    /// Anything else.
    case malformed
  }

  /// What kind of fault it is.
  package let kind: Kind
  /// The index of the byte in the text that was read.
  package let index: Int
  /// The same place, as an editor shows it.
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
