/// Makes text from an untrusted file safe for a one-line message.
package enum ForeignText {
  /// The name in quotes, shortened if it is long, with control characters escaped so that a file cannot control the
  /// terminal.
  package static func quoted(_ name: String) -> String {
    let shown = cut(name)
    return shown.text.debugDescription + (shown.isCut ? "…" : "")
  }

  /// The text without quotes, shortened if it is long, with control characters escaped.
  package static func plain(_ text: String) -> String {
    let shown = cut(text)
    return VisibleText.of(shown.text) + (shown.isCut ? "…" : "")
  }

  /// The beginning of a text. It counts scalars, because a single letter can carry thousands of combining marks.
  private static func cut(_ text: String) -> (text: String, isCut: Bool) {
    let limit = 80
    let start = text.unicodeScalars.prefix(limit)
    return (String(String.UnicodeScalarView(start)), start.endIndex < text.endIndex)
  }

  /// A shape such as `[64, 1, 3, 3]`, shortened if it has many dimensions.
  package static func shape(_ shape: [Int]) -> String {
    let limit = 8
    let dimensions = shape.prefix(limit).map(String.init) + (shape.count > limit ? ["…"] : [])
    return "[" + dimensions.joined(separator: ", ") + "]"
  }
}
