import FoundationEssentials

/// The JSON of a header as it stands there, before any of its numbers is believed.
struct SafetensorsHeaderDocument: Decodable {
  /// The key of the metadata, which no tensor may have as its name.
  static let metadataKey = "__metadata__"

  /// One tensor's fields.
  struct Entry: Decodable {
    let elementType: String
    let shape: [Int]
    let dataOffsets: [Int]

    private enum CodingKeys: String, CodingKey {
      case elementType = "dtype"
      case shape
      case dataOffsets = "data_offsets"
    }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  let metadata: [String: String]
  let entries: [String: Entry]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    var metadata: [String: String] = [:]
    var entries: [String: Entry] = [:]
    for name in container.allKeys {
      if name.stringValue == Self.metadataKey {
        metadata = try container.decodeIfPresent([String: String].self, forKey: name) ?? [:]
      } else {
        entries[name.stringValue] = try container.decode(Entry.self, forKey: name)
      }
    }
    self.metadata = metadata
    self.entries = entries
  }

  /// Decodes the bytes of a header, whose indices are offsets in the file.
  static func decode(_ header: ArraySlice<UInt8>) throws(SafetensorsError.Problem) -> Self {
    do {
      return try JSONDecoder().decode(Self.self, from: Data(header))
    } catch let error as DecodingError {
      throw problem(of: error, headerOffset: header.startIndex)
    } catch {
      throw .malformedJSON(offset: header.startIndex, reason: "\(error)")
    }
  }

  private static func problem(of error: DecodingError, headerOffset: Int) -> SafetensorsError.Problem {
    let (context, missing): (DecodingError.Context, String?) =
      switch error {
      case .keyNotFound(let key, let context): (context, key.stringValue)
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): (context, nil)
      @unknown default: (.init(codingPath: [], debugDescription: "\(error)"), nil)
      }
    let path = context.codingPath.map(\.stringValue)
    // The decoder says neither what nor where when the text is not JSON at all.
    guard let name = path.first else { return .malformedJSON(offset: headerOffset, reason: "its grammar is broken") }
    if name == metadataKey { return .metadataNotText(key: path.dropFirst().first) }
    if let missing { return .tensor(name: name, .missingField(missing)) }
    let field = path.dropFirst().first
    let expected =
      switch field {
      case "dtype": "a string"
      case nil: "an object with dtype, shape and data_offsets"
      default: "an array of whole numbers"
      }
    return .tensor(name: name, .malformedField(field, expected: expected))
  }
}
