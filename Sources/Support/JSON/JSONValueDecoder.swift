/// Decodes `Decodable` types from JSON; error messages use JSON's terms.
package struct JSONValueDecoder: Decoder {
  /// The value to decode.
  package let value: JSONValue
  package let codingPath: [any CodingKey]
  package let userInfo: [CodingUserInfoKey: Any]

  /// A decoder of a whole document.
  package init(_ value: JSONValue, userInfo: [CodingUserInfoKey: Any] = [:]) {
    self.init(value: value, codingPath: [], userInfo: userInfo)
  }

  private init(value: JSONValue, codingPath: [any CodingKey], userInfo: [CodingUserInfoKey: Any]) {
    self.value = value
    self.codingPath = codingPath
    self.userInfo = userInfo
  }

  /// Decodes a value.
  package static func decode<Value: Decodable>(
    _ type: Value.Type, from value: JSONValue
  ) throws -> Value {
    try Value(from: JSONValueDecoder(value))
  }

  package func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else { throw mismatch([String: JSONValue].self) }
    return KeyedDecodingContainer(JSONMembers<Key>(decoder: self, members: members))
  }

  package func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let values) = value else { throw mismatch([JSONValue].self) }
    return JSONElements(decoder: self, values: values)
  }

  package func singleValueContainer() -> any SingleValueDecodingContainer { self }

  /// The decoder of a value inside this one.
  fileprivate func inner(_ value: JSONValue, _ key: any CodingKey) -> JSONValueDecoder {
    JSONValueDecoder(value: value, codingPath: codingPath + [key], userInfo: userInfo)
  }

  fileprivate func mismatch(_ type: any Any.Type) -> DecodingError {
    .typeMismatch(
      type,
      .init(codingPath: codingPath, debugDescription: "expected \(Self.name(of: type)), found \(value.kind)"))
  }

  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is Bool.Type: "true or false"
    case is String.Type: "a text"
    case is any BinaryInteger.Type: "a whole number"
    case is any Numeric.Type: "a number"
    case is [JSONValue].Type: "a list"
    case is [String: JSONValue].Type: "an object"
    default: "another value"
    }
  }
}

extension JSONValue {
  /// The kind of value, for messages.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .integer, .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

// MARK: - Single values

extension JSONValueDecoder: SingleValueDecodingContainer {
  package func decodeNil() -> Bool { value == .null }

  package func decode(_ type: Bool.Type) throws -> Bool {
    guard case .bool(let value) = value else { throw mismatch(type) }
    return value
  }

  package func decode(_ type: String.Type) throws -> String {
    guard case .string(let value) = value else { throw mismatch(type) }
    return value
  }

  package func decode(_ type: Double.Type) throws -> Double {
    switch value {
    case .integer(let value): return Double(value)
    case .number(let value): return value
    default: throw mismatch(type)
    }
  }

  package func decode(_ type: Float.Type) throws -> Float {
    // Converts the decimal digits: rounding twice could miss the nearest `Float`.
    let wide = try decode(Double.self)
    guard let narrow = Float(wide.description), narrow.isFinite else { throw mismatch(type) }
    return narrow
  }

  package func decode(_ type: Int.Type) throws -> Int { try whole(type) }
  package func decode(_ type: Int8.Type) throws -> Int8 { try whole(type) }
  package func decode(_ type: Int16.Type) throws -> Int16 { try whole(type) }
  package func decode(_ type: Int32.Type) throws -> Int32 { try whole(type) }
  package func decode(_ type: Int64.Type) throws -> Int64 { try whole(type) }
  package func decode(_ type: UInt.Type) throws -> UInt { try whole(type) }
  package func decode(_ type: UInt8.Type) throws -> UInt8 { try whole(type) }
  package func decode(_ type: UInt16.Type) throws -> UInt16 { try whole(type) }
  package func decode(_ type: UInt32.Type) throws -> UInt32 { try whole(type) }
  package func decode(_ type: UInt64.Type) throws -> UInt64 { try whole(type) }

  package func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self) }

  private func whole<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
    let number: Number? =
      switch value {
      case .integer(let value): Number(exactly: value)
      case .number(let value): Number(exactly: value)
      default: nil
      }
    guard let number else { throw mismatch(type) }
    return number
  }
}

// MARK: - Objects

/// The members of an object.
private struct JSONMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: JSONValueDecoder
  let members: [JSONValue.Member]

  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { members.compactMap { Key(stringValue: $0.name) } }

  func contains(_ key: Key) -> Bool { find(key) != nil }
  func decodeNil(forKey key: Key) throws -> Bool { try inner(key).decodeNil() }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try inner(key).decode(type) }

  func nestedContainer<Inner: CodingKey>(
    keyedBy type: Inner.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Inner> {
    try inner(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try inner(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { decoder }
  func superDecoder(forKey key: Key) throws -> any Decoder { try inner(key) }

  private func find(_ key: Key) -> JSONValue? { members.first { $0.name == key.stringValue }?.value }

  private func inner(_ key: Key) throws -> JSONValueDecoder {
    guard let value = find(key) else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "\"\(key.stringValue)\" is missing"))
    }
    return decoder.inner(value, key)
  }
}

// MARK: - Lists

/// The elements of a list, one after the other.
private struct JSONElements: UnkeyedDecodingContainer {
  struct Index: CodingKey {
    let intValue: Int?
    var stringValue: String { intValue.map { "\($0)" } ?? "" }

    init(intValue: Int) { self.intValue = intValue }
    init?(stringValue: String) { nil }
  }

  let decoder: JSONValueDecoder
  let values: [JSONValue]
  var currentIndex = 0

  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { values.count }
  var isAtEnd: Bool { currentIndex == values.count }

  init(decoder: JSONValueDecoder, values: [JSONValue]) {
    self.decoder = decoder
    self.values = values
  }

  mutating func decodeNil() throws -> Bool {
    guard try inner().decodeNil() else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try inner().decode(type)
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let container = try inner().container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try inner().unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    defer { currentIndex += 1 }
    return try inner()
  }

  private func inner() throws -> JSONValueDecoder {
    let key = Index(intValue: currentIndex)
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        JSONValue.self, .init(codingPath: codingPath + [key], debugDescription: "there is no element \(currentIndex)"))
    }
    return decoder.inner(values[currentIndex], key)
  }
}
