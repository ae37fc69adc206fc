/// A whole number in JSON. It is read as a floating-point number first, so that an error message can name the number.
struct WholeNumber: Decodable {
  let value: Int

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let number = try container.decode(Double.self)
    guard let value = Int(exactly: number) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a whole number, found \(number)")
    }
    self.value = value
  }
}

extension KeyedDecodingContainer {
  /// The whole number of `key`.
  package func decodeWhole(_ key: Key) throws -> Int { try decode(WholeNumber.self, forKey: key).value }

  /// The whole number of `key`, or `fallback` if the key is missing.
  package func decodeWhole(_ key: Key, or fallback: Int) throws -> Int {
    try decodeIfPresent(WholeNumber.self, forKey: key)?.value ?? fallback
  }
}

extension SingleValueDecodingContainer {
  /// The whole number at this position; nil for any other value.
  package func wholeNumber() -> Int? { try? decode(WholeNumber.self).value }

  /// The list of whole numbers at this position; nil for any other value.
  package func wholeNumbers() -> [Int]? { try? decode([WholeNumber].self).map(\.value) }
}
