/// Reads JSON (RFC 8259) as people write it by hand: it says where a text goes wrong, and refuses names that occur twice.
package struct JSONReader {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  /// Deeper nesting is refused, so that no text can exhaust the stack.
  private static let maximumDepth = 64

  /// Reads a whole text.
  package static func value(of bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
    var reader = JSONReader(bytes: bytes)
    let value = try reader.value()
    reader.skipSpace()
    guard reader.position == bytes.count else { throw reader.error("there is more after the end of the value") }
    return value
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
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
      where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw error("expected a value, found \(found)")
    }
  }

  private mutating func nested(
    _ read: (inout JSONReader) throws(JSONSyntaxError) -> JSONValue
  ) throws(JSONSyntaxError) -> JSONValue {
    guard depth < Self.maximumDepth else { throw error("more than \(Self.maximumDepth) levels of nesting") }
    depth += 1
    defer { depth -= 1 }
    position += 1
    return try read(&self)
  }

  private mutating func object() throws(JSONSyntaxError) -> JSONValue {
    var members: [JSONValue.Member] = []
    var names: Set<String> = []
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      let start = position
      guard current == UInt8(ascii: "\"") else { throw error("expected a name in quotes, found \(found)") }
      let name = try string()
      guard names.insert(name).inserted else {
        throw JSONSyntaxError("\"\(name)\" occurs twice", at: start, of: bytes)
      }
      guard take(":") else { throw error("expected ':' after \"\(name)\", found \(found)") }
      members.append(.init(name: name, value: try value()))
    } while take(",")
    guard take("}") else { throw error("expected ',' or '}', found \(found)") }
    return .object(members)
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
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    let digits = text.drop { $0 == "-" }
    // Swift's own reading of numbers is more liberal: it takes `01`, `1.` and `-.5` as well.
    let hasLeadingZero = digits.first == "0" && digits.dropFirst().first?.isNumber == true
    let isTooLiberal = hasLeadingZero || digits.first == "." || text.hasSuffix(".")
    if !isTooLiberal {
      if let integer = Int(text) { return .integer(integer) }
      let hasBareDot = text.contains(".e") || text.contains(".E")
      if !hasBareDot, let number = Double(text), number.isFinite { return .number(number) }
    }
    throw JSONSyntaxError("'\(text)' is not a number", at: start, of: bytes)
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

// MARK: - Strings

extension JSONReader {
  private mutating func string() throws(JSONSyntaxError) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while let byte = current, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw error("a text must not hold a line break or another control character") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        content += try escaped()
      } else {
        content.append(byte)
      }
    }
    guard take("\"") else { throw JSONSyntaxError("this text has no end", at: start, of: bytes) }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw JSONSyntaxError("this text is not UTF-8", at: start, of: bytes)
    }
    return text
  }

  /// What stands for a byte behind a backslash.
  private static let plainEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F, UInt8(ascii: "b"): 0x08,
    UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
  ]

  /// The bytes of an escape sequence, whose backslash has been read.
  private mutating func escaped() throws(JSONSyntaxError) -> [UInt8] {
    if let byte = current, let meant = Self.plainEscapes[byte] {
      position += 1
      return [meant]
    }
    guard current == UInt8(ascii: "u") else { throw error("unknown escape sequence \\\(found)") }
    position += 1
    var unit = try hexadecimal()
    // Two units beyond the basic plane: the second follows as an escape sequence of its own.
    if 0xD800...0xDBFF ~= unit, bytes[position...].starts(with: "\\u".utf8) {
      position += 2
      let second = try hexadecimal()
      guard 0xDC00...0xDFFF ~= second else { throw error("half of a surrogate pair is missing") }
      unit = 0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(unit) else { throw error("half of a surrogate pair is missing") }
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("expected four hexadecimal digits") }
    position += 4
    return value
  }
}

// MARK: - Bytes

extension JSONReader {
  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  /// Skips spaces and then this character, if it is there.
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

  private func error(_ reason: String) -> JSONSyntaxError {
    JSONSyntaxError(reason, at: position, of: bytes)
  }
}
