/// Text from a foreign file, made fit for a message of one line.
package enum ForeignText {
  /// The name in quotes, cut when it is long, with control characters escaped: a file must not be able to drive a terminal.
  package static func quoted(_ name: String) -> String {
    let limit = 80
    let start = name.prefix(limit)
    return String(start).debugDescription + (start.endIndex < name.endIndex ? "…" : "")
  }

  /// The text without quotes, cut when it is long, with control characters escaped.
  package static func plain(_ text: String) -> String { String(quoted(text).dropFirst().filter { $0 != "\"" }) }

  /// A shape such as `[64, 1, 3, 3]`, cut when it has many dimensions.
  package static func shape(_ shape: [Int]) -> String {
    let limit = 8
    let dimensions = shape.prefix(limit).map(String.init) + (shape.count > limit ? ["…"] : [])
    return "[" + dimensions.joined(separator: ", ") + "]"
  }
}
