/// Reads JSON (RFC 8259), including JSON written by hand: it reports where a text is wrong and rejects repeated names.
package struct JSONReader {
  private let text: ArraySlice<UInt8>
  private let maximumDepth: Int
  private var position: Int
  private var depth = 0
  /// The names of the enclosing members, outermost first.
  private var names: [String] = []

  /// The default limit of nesting, so that no text can exhaust the stack.
  package static let usualDepth = 64

  /// Reads a whole text.
  ///
  /// - Parameter maximumDepth: How deeply objects and arrays may be nested.
  package static func value(
    of text: ArraySlice<UInt8>, maximumDepth: Int = usualDepth
  ) throws(JSONSyntaxError) -> JSONValue {
    var reader = JSONReader(text: text, maximumDepth: maximumDepth)
    let value = try reader.value()
    reader.skipSpace()
    guard reader.position == text.endIndex else { throw reader.error("there is more text after the end of the value") }
    return value
  }

  /// Reads a whole text.
  package static func value(
    of text: [UInt8], maximumDepth: Int = usualDepth
  ) throws(JSONSyntaxError) -> JSONValue {
    try value(of: text[...], maximumDepth: maximumDepth)
  }

  private init(text: ArraySlice<UInt8>, maximumDepth: Int) {
    self.text = text
    self.maximumDepth = maximumDepth
    position = text.startIndex
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONValue {
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return try nested { (reader) throws(JSONSyntaxError) in try reader.object() }
    case UInt8(ascii: "["): return try nested { (reader) throws(JSONSyntaxError) in try reader.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-")?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return try number()
    default:
      for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)]
      where text[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw error("expected a value, found \(found)")
    }
  }

  private mutating func nested(
    _ read: (inout JSONReader) throws(JSONSyntaxError) -> JSONValue
  ) throws(JSONSyntaxError) -> JSONValue {
    guard depth < maximumDepth else {
      throw error("more than \(maximumDepth) levels of nesting", kind: .tooDeep(limit: maximumDepth))
    }
    depth += 1
    defer { depth -= 1 }
    position += 1
    return try read(&self)
  }

  private mutating func object() throws(JSONSyntaxError) -> JSONValue {
    var members: [JSONValue.Member] = []
    var known: Set<ExactText> = []
    if take("}") { return .object(members) }
    repeat {
      let (name, start) = try memberName()
      guard known.insert(ExactText(name)).inserted else {
        throw JSONSyntaxError(
          "\"\(name)\" occurs twice", kind: .repeatedName(name, within: names), at: start, of: text)
      }
      names.append(name)
      members.append(.init(name: name, value: try value()))
      names.removeLast()
    } while take(",")
    guard take("}") else { throw error("expected ',' or '}', found \(found)") }
    return .object(members)
  }

  /// Reads a member's name and the colon after it; also returns where the name begins.
  private mutating func memberName() throws(JSONSyntaxError) -> (name: String, start: Int) {
    skipSpace()
    let start = position
    guard current == UInt8(ascii: "\"") else { throw error("expected a name in quotes, found \(found)") }
    let name = try string()
    guard take(":") else { throw error("expected ':' after \"\(name)\", found \(found)") }
    return (name, start)
  }

  private mutating func array() throws(JSONSyntaxError) -> JSONValue {
    var values: [JSONValue] = []
    if take("]") { return .array(values) }
    repeat { values.append(try value()) } while take(",")
    guard take("]") else { throw error("expected ',' or ']', found \(found)") }
    return .array(values)
  }

  private mutating func number() throws(JSONSyntaxError) -> JSONValue {
    let start = position
    while let byte = current, Self.mayBeInNumber(byte) { position += 1 }
    let digits = String(decoding: text[start..<position], as: UTF8.self)
    let magnitude = digits.drop { $0 == "-" }
    // Swift's own parser is more liberal: it also accepts `01`, `1.` and `-.5`.
    let hasLeadingZero = magnitude.first == "0" && magnitude.dropFirst().first?.isNumber == true
    let isTooLiberal = hasLeadingZero || magnitude.first == "." || digits.hasSuffix(".")
    if !isTooLiberal {
      // Integers have no negative zero.
      if let integer = Int(digits), integer != 0 || digits == "0" { return .integer(integer) }
      let hasBareDot = digits.contains(".e") || digits.contains(".E")
      if !hasBareDot, let number = Double(digits), number.isFinite { return .number(number) }
    }
    throw JSONSyntaxError("'\(digits)' is not a number", at: start, of: text)
  }

  private static func mayBeInNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}

// MARK: - Places

/// A step from a value to a nested one.
package enum JSONStep: Hashable, Sendable {
  /// To the member of this name.
  case name(String)
  /// To the element at this index.
  case index(Int)
}

extension JSONReader {
  /// Finds where the value at a path begins, in a text that was read without error.
  ///
  /// - Returns: An index of `text`. If the path leads nowhere, that of the last value on the way.
  package static func index(of path: [JSONStep], in text: ArraySlice<UInt8>) -> Int {
    var reader = JSONReader(text: text, maximumDepth: .max)
    reader.skipSpace()
    var place = reader.position
    for step in path {
      guard (try? reader.enter(step)) == true else { break }
      place = reader.position
    }
    return place
  }

  /// Moves to the beginning of a value inside the one at `position`; returns false if it does not exist.
  private mutating func enter(_ step: JSONStep) throws(JSONSyntaxError) -> Bool {
    let isObject = current == UInt8(ascii: "{")
    guard isObject || current == UInt8(ascii: "[") else { return false }
    position += 1
    var index = 0
    repeat {
      let name = isObject ? try memberName().name : ""
      skipSpace()
      if step == (isObject ? .name(name) : .index(index)) { return true }
      _ = try value()
      index += 1
    } while take(",")
    return false
  }
}

// MARK: - Strings

extension JSONReader {
  private mutating func string() throws(JSONSyntaxError) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while let byte = current, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw error("a text must not contain a line break or another control character") }
      if byte == UInt8(ascii: "\\") {
        position += 1
        content += try escaped(in: start)
      } else {
        let plain = text[position...].prefix { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        content += plain
        position = plain.endIndex
      }
    }
    guard take("\"") else { throw JSONSyntaxError("this text has no closing quote", at: start, of: text) }
    guard let string = String(validating: content, as: UTF8.self) else {
      throw JSONSyntaxError("this text is not UTF-8", at: start, of: text)
    }
    return string
  }

  /// The bytes that may follow a backslash, and their meanings.
  private static let plainEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F, UInt8(ascii: "b"): 0x08,
    UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
  ]

  /// Decodes an escape sequence whose backslash has been read, in the text that begins at `start`.
  private mutating func escaped(in start: Int) throws(JSONSyntaxError) -> [UInt8] {
    guard current != nil else { throw JSONSyntaxError("this text has no closing quote", at: start, of: text) }
    if let byte = current, let meant = Self.plainEscapes[byte] {
      position += 1
      return [meant]
    }
    guard current == UInt8(ascii: "u") else { throw error("unknown escape sequence \\\(found)") }
    position += 1
    var unit = try hexadecimal()
    // Two units beyond the basic plane: the second follows as a second escape sequence.
    if 0xD800...0xDBFF ~= unit, text[position...].starts(with: "\\u".utf8) {
      position += 2
      let second = try hexadecimal()
      guard 0xDC00...0xDFFF ~= second else { throw error("half of a surrogate pair is missing") }
      unit = 0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(unit) else { throw error("half of a surrogate pair is missing") }
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
    let digits = text[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("expected four hexadecimal digits") }
    position += 4
    return value
  }
}

// MARK: - Bytes

extension JSONReader {
  private var current: UInt8? { position < text.endIndex ? text[position] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  /// Skips spaces and then this character, if it follows.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard current == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private var found: String {
    guard let byte = current else { return "the end of the text" }
    let scalar = Unicode.Scalar(byte)
    return scalar.isASCII ? "'\(scalar.escaped(asASCII: true))'" : "a byte \(byte)"
  }

  private func error(_ reason: String, kind: JSONSyntaxError.Kind = .malformed) -> JSONSyntaxError {
    JSONSyntaxError(reason, kind: kind, at: position, of: text)
  }
}
