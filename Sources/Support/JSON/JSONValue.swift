/// A JSON value whose objects keep the order of their members, so that output follows the order of the documentation.
package enum JSONValue: Equatable, Sendable {
  /// No value.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number, written without a fraction.
  case integer(Int)
  /// A number. JSON has no infinity or NaN; they are written as null.
  case number(Double)
  /// A text.
  case string(String)
  /// Values in order.
  case array([JSONValue])
  /// Names and values in order.
  case object([Member])

  /// A name and its value.
  package struct Member: Equatable, Sendable {
    /// The name.
    package let name: String
    /// The value.
    package let value: JSONValue

    /// A member of an object.
    package init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// A number with only the digits that a `Float` needs: 0.1 instead of 0.10000000149011612.
  package static func short(_ value: Float) -> JSONValue {
    .number(Double(value.description) ?? Double(value))
  }

  /// A number rounded to a count of decimals, for quantities that are not known more precisely.
  package static func rounded(_ value: Double, decimals: Int) -> JSONValue {
    guard value.isFinite else { return .null }
    return .number(Double(NumberText.fixed(value, decimals: decimals)) ?? value)
  }

  /// A number rounded to a count of significant digits, for measurements of any size; a nonzero number stays nonzero.
  package static func significant(_ value: Double, digits: Int = 5) -> JSONValue {
    guard value.isFinite, value != 0 else { return value == 0 ? 0 : .null }
    let limit = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    var (scaled, exponent) = (value, 0)
    while scaled.magnitude < limit / 10 { (scaled, exponent) = (scaled * 10, exponent - 1) }
    while scaled.magnitude >= limit { (scaled, exponent) = (scaled / 10, exponent + 1) }
    // Parsing the text gives the number nearest to the decimal.
    return .number(Double("\(Int(scaled.rounded()))e\(exponent)") ?? value)
  }

  /// The member of an object with this name; nil if it is missing.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
  /// An object, with its members in the order of the literal.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member(name: $0, value: $1) })
  }
}

extension JSONValue: ExpressibleByArrayLiteral {
  /// Values in order.
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  /// A text.
  package init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  package init(integerLiteral value: Int) { self = .integer(value) }
  /// A number.
  package init(floatLiteral value: Double) { self = .number(value) }
  /// True or false.
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  /// No value.
  package init(nilLiteral: ()) { self = .null }
}
