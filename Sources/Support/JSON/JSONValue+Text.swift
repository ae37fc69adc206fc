extension JSONValue {
  /// The value on one line.
  package var text: String {
    var result = ""
    write(to: &result, indentation: nil)
    return result
  }

  /// The value with one member per line, for people; lists of plain values stay on one line.
  package var indentedText: String {
    var result = ""
    write(to: &result, indentation: 0)
    return result
  }

  private func write(to text: inout String, indentation: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): Self.write(value, to: &text)
    case .array(let values):
      let inner = values.allSatisfy(\.isPlain) ? nil : indentation.map { $0 + 2 }
      Self.write("[", values, "]", to: &text, indentation: inner) { value, text in
        value.write(to: &text, indentation: inner)
      }
    case .object(let members):
      let inner = indentation.map { $0 + 2 }
      Self.write("{", members, "}", to: &text, indentation: inner) { member, text in
        Self.write(member.name, to: &text)
        text += inner == nil ? ":" : ": "
        member.value.write(to: &text, indentation: inner)
      }
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func write<Element>(
    _ opening: String, _ elements: [Element], _ closing: String, to text: inout String, indentation: Int?,
    element write: (Element, inout String) -> Void
  ) {
    text += opening
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      if let indentation { text += "\n" + String(repeating: " ", count: indentation) }
      write(element, &text)
    }
    if let indentation, !elements.isEmpty { text += "\n" + String(repeating: " ", count: indentation - 2) }
    text += closing
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      // Control characters must be escaped, always in the same way: the bytes of weights files are stable, and their
      // names are hashes. A line separator must not end a line of JSON Lines for any reader, and a terminal must not
      // obey what it shows.
      case _ where VisibleText.drives(scalar):
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
