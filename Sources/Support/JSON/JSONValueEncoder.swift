/// Encodes `Encodable` types as JSON.
package struct JSONValueEncoder: Encoder {
  package let codingPath: [any CodingKey]
  package var userInfo: [CodingUserInfoKey: Any] { [:] }
  fileprivate let node: Node

  /// Encodes a value. Members keep the order in which the type encodes them; use `sorted` for an order by name.
  ///
  /// - Throws: an `EncodingError` for infinity or NaN, which JSON cannot express, and any error of the type itself.
  package static func encode(_ value: some Encodable) throws -> JSONValue {
    let encoder = JSONValueEncoder(codingPath: [], node: Node())
    try value.encode(to: encoder)
    return encoder.node.value
  }

  package func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(MemberWriter<Key>(codingPath: codingPath, node: node))
  }

  package func unkeyedContainer() -> any UnkeyedEncodingContainer {
    ElementWriter(codingPath: codingPath, node: node)
  }

  package func singleValueContainer() -> any SingleValueEncodingContainer { self }

  /// A value under construction; a type that encodes nothing becomes an object without members.
  fileprivate final class Node {
    private var single: JSONValue?
    private var members: [(name: String, node: Node)] = []
    private var elements: [Node]?

    init() {}

    /// The value encoded so far.
    var value: JSONValue {
      if let single { return single }
      if let elements { return .array(elements.map(\.value)) }
      return .object(members.map { .init(name: $0.name, value: $0.node.value) })
    }

    /// The number of elements.
    var count: Int { elements?.count ?? 0 }

    /// Makes this a single value.
    func set(_ value: JSONValue) { single = value }

    /// Makes this a list unless it already is one.
    func beginList() { elements = elements ?? [] }

    /// Adds the node of a member; it replaces an earlier one of the same name.
    func member(_ name: String) -> Node {
      let node = Node()
      if let place = members.firstIndex(where: { $0.name == name }) {
        members[place].node = node
      } else {
        members.append((name, node))
      }
      return node
    }

    /// Adds the node of an element at the end.
    func element() -> Node {
      let node = Node()
      elements?.append(node)
      return node
    }
  }
}

// MARK: - Single values

extension JSONValueEncoder: SingleValueEncodingContainer {
  package func encodeNil() { node.set(.null) }
  package func encode(_ value: Bool) { node.set(.bool(value)) }
  package func encode(_ value: String) { node.set(.string(value)) }
  package func encode(_ value: Double) throws { node.set(try number(value, value)) }
  package func encode(_ value: Float) throws {
    // Only the digits that a `Float` needs: 0.1 instead of 0.10000000149011612.
    node.set(try number(Double(value.description) ?? Double(value), value))
  }
  package func encode(_ value: Int) throws { try whole(value) }
  package func encode(_ value: Int8) throws { try whole(value) }
  package func encode(_ value: Int16) throws { try whole(value) }
  package func encode(_ value: Int32) throws { try whole(value) }
  package func encode(_ value: Int64) throws { try whole(value) }
  package func encode(_ value: UInt) throws { try whole(value) }
  package func encode(_ value: UInt8) throws { try whole(value) }
  package func encode(_ value: UInt16) throws { try whole(value) }
  package func encode(_ value: UInt32) throws { try whole(value) }
  package func encode(_ value: UInt64) throws { try whole(value) }
  package func encode(_ value: some Encodable) throws { try value.encode(to: self) }

  private func number(_ number: Double, _ value: Any) throws -> JSONValue {
    guard number.isFinite else { throw invalid(value, "\(number) cannot be written as a JSON number") }
    // A whole number is written without a fraction, regardless of its type.
    let isWhole = number.magnitude < 1e15 && number.rounded() == number && !(number == 0 && number.sign == .minus)
    return isWhole ? .integer(Int(number)) : .number(number)
  }

  private func whole(_ value: some BinaryInteger) throws {
    guard let integer = Int(exactly: value) else { throw invalid(value, "\(value) is too large") }
    node.set(.integer(integer))
  }

  private func invalid(_ value: Any, _ reason: String) -> EncodingError {
    .invalidValue(value, .init(codingPath: codingPath, debugDescription: reason))
  }
}

// MARK: - Objects and lists

/// Writes the members of an object.
private struct MemberWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let codingPath: [any CodingKey]
  let node: JSONValueEncoder.Node

  func encodeNil(forKey key: Key) throws { inner(key).encodeNil() }
  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try value.encode(to: inner(key)) }

  func nestedContainer<Inner: CodingKey>(
    keyedBy type: Inner.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Inner> {
    inner(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { inner(key).unkeyedContainer() }
  func superEncoder() -> any Encoder { JSONValueEncoder(codingPath: codingPath, node: node) }
  func superEncoder(forKey key: Key) -> any Encoder { inner(key) }

  private func inner(_ key: Key) -> JSONValueEncoder {
    JSONValueEncoder(codingPath: codingPath + [key], node: node.member(key.stringValue))
  }
}

/// Writes the elements of a list.
private struct ElementWriter: UnkeyedEncodingContainer {
  let codingPath: [any CodingKey]
  let node: JSONValueEncoder.Node

  init(codingPath: [any CodingKey], node: JSONValueEncoder.Node) {
    self.codingPath = codingPath
    self.node = node
    node.beginList()
  }

  var count: Int { node.count }

  func encodeNil() { inner().encodeNil() }
  func encode<Value: Encodable>(_ value: Value) throws { try value.encode(to: inner()) }

  func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    inner().container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { inner().unkeyedContainer() }
  func superEncoder() -> any Encoder { inner() }

  private func inner() -> JSONValueEncoder { JSONValueEncoder(codingPath: codingPath, node: node.element()) }
}
