/// Colors for a few words on a terminal; no colors elsewhere.
package struct TextStyle: Sendable {
  /// Whether colors are used.
  package let isColored: Bool

  /// Decides by the kind of the stream, by `NO_COLOR` (any value but an empty one forbids colors) and by `TERM`.
  package init(isTerminal: Bool, noColor: String?, terminalType: String?) {
    isColored = isTerminal && noColor == nil && terminalType != "dumb"
  }

  /// The first word of a failure.
  package func failure(_ text: String) -> String { wrap(text, code: "1;31") }
  /// The first word of a warning.
  package func warning(_ text: String) -> String { wrap(text, code: "1;33") }
  /// A small curve.
  package func curve(_ text: String) -> String { wrap(text, code: "36") }
  /// The done part of a bar.
  package func done(_ text: String) -> String { wrap(text, code: "32") }

  private func wrap(_ text: String, code: String) -> String {
    isColored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
