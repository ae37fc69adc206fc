/// `; did you mean "x"?`, or the whole list if no candidate is close.
package func didYouMean(_ word: String, _ candidates: [String], otherwise: String) -> String {
  if let candidate = Suggestion.closest(to: word, among: candidates) { return "; did you mean \"\(candidate)\"?" }
  return candidates.isEmpty ? "; it takes none" : "; \(otherwise): \(candidates.joined(separator: ", "))"
}

/// A key that is known only at run time.
package struct AnyKey: CodingKey {
  package let stringValue: String
  package var intValue: Int? { nil }

  /// The key of a name.
  package init(_ string: String) { stringValue = string }
  package init?(stringValue: String) { self.init(stringValue) }
  package init?(intValue: Int) { nil }
}

extension Decoder {
  /// Rejects an object with a key that is in neither `keys` nor `extra`; the message suggests the nearest known key.
  package func rejectUnknownKeys(_ keys: [String], besides extra: String? = nil, of owner: String, listed: String)
    throws
  {
    let container = try container(keyedBy: AnyKey.self)
    let found = container.allKeys.map(\.stringValue).sorted()
    guard let unknown = found.first(where: { !keys.contains($0) && $0 != extra }) else { return }
    throw DecodingError.dataCorruptedError(
      forKey: AnyKey(unknown), in: container,
      debugDescription: "\(owner) has no setting \"\(unknown)\"" + didYouMean(unknown, keys, otherwise: listed))
  }
}

extension KeyedDecodingContainer {
  /// The value of `key`, or `fallback` if the key is missing.
  package func decode<Value: Decodable>(_ key: Key, or fallback: @autoclosure () -> Value) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? fallback()
  }

  /// Rejects a setting that is out of range; the message names it.
  package func require(_ condition: Bool, _ key: Key, _ message: String) throws {
    guard condition else {
      throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "\(key.stringValue) \(message)")
    }
  }
}
