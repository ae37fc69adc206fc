/// A text that is compared and ordered byte by byte.
///
/// Two `String`s are equal if they look the same, such as é as one scalar and as two. But these are the names of two
/// different files.
package struct ExactText: Hashable, Comparable, Sendable {
  /// The text.
  package let text: String

  /// Wraps a text.
  package init(_ text: String) { self.text = text }

  package static func == (one: ExactText, other: ExactText) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }

  package static func < (one: ExactText, other: ExactText) -> Bool {
    one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(text.utf8.count)
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

extension Sequence<String> {
  /// The texts sorted by their bytes, an order that is the same everywhere.
  package func sortedByBytes() -> [String] { sorted { ExactText($0) < ExactText($1) } }

  /// The texts without repetitions, compared byte by byte.
  package func withoutRepetitions() -> [String] {
    var seen: Set<ExactText> = []
    return filter { seen.insert(ExactText($0)).inserted }
  }
}

extension StringProtocol {
  /// Whether the text begins with these bytes. `hasPrefix` compares characters, and a combining mark belongs to the
  /// character before it.
  package func beginsWith(bytesOf prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }

  /// Whether the text ends with these bytes. `hasSuffix` compares characters.
  package func endsWith(bytesOf suffix: String) -> Bool { utf8.reversed().starts(with: suffix.utf8.reversed()) }

  /// The parts between the occurrences of an ASCII byte, including empty ones. `split` looks for characters.
  package func parts(separatedBy separator: Unicode.Scalar) -> [String] {
    utf8.split(separator: UInt8(ascii: separator), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}
