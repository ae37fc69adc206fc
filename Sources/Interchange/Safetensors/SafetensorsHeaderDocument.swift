internal import Support

/// The JSON of a header, before any of its numbers is checked.
struct SafetensorsHeaderDocument {
  /// The key of the metadata, which no tensor may use as its name.
  static let metadataKey = "__metadata__"

  /// A header has entries (2) with arrays (3); the remaining levels are for future extensions of the format.
  private static let depthLimit = 16

  /// One tensor's fields.
  struct Entry {
    let elementType: String
    let shape: [Int]
    let dataOffsets: [Int]
  }

  private(set) var metadata: [String: String] = [:]
  /// The tensors, in the order of the header.
  private(set) var entries: [(name: String, fields: Entry)] = []

  /// Reads the bytes of a header, whose indices are offsets in the file.
  init(_ header: ArraySlice<UInt8>) throws(SafetensorsError.Problem) {
    let start = header.firstIndex { !" \t\n\r".utf8.contains($0) } ?? header.endIndex
    guard start < header.endIndex, header[start] == UInt8(ascii: "{") else { throw .notAnObject(offset: start) }
    let document: JSONValue
    do throws(JSONSyntaxError) {
      document = try JSONReader.value(of: header, maximumDepth: Self.depthLimit)
    } catch {
      throw Self.problem(of: error)
    }
    if let path = Self.pathOfOddNumber(in: document) {
      throw .notAWholeNumber(offset: JSONReader.index(of: path, in: header))
    }
    guard case .object(let members) = document else { throw .notAnObject(offset: start) }
    for member in members {
      if member.name == Self.metadataKey {
        metadata = try Self.metadata(of: member.value)
      } else {
        do throws(SafetensorsError.TensorProblem) {
          entries.append((member.name, try Entry(member.value)))
        } catch {
          throw .tensor(name: member.name, error)
        }
      }
    }
  }

  private static func problem(of error: JSONSyntaxError) -> SafetensorsError.Problem {
    switch error.kind {
    case .repeatedName(let name, let within):
      within.first.map { .repeatedKey(name, entry: $0, offset: error.index) }
        ?? .repeatedName(name, offset: error.index)
    case .tooDeep(let limit): .tooDeep(offset: error.index, limit: limit)
    case .malformed: .malformedJSON(offset: error.index, reason: error.reason)
    }
  }

  /// The path of the first number with a sign or a fraction, or of 2^63 or more; nil if there is none.
  private static func pathOfOddNumber(in value: JSONValue) -> [JSONStep]? {
    switch value {
    case .integer(0...), .null, .bool, .string: return nil
    case .integer, .number: return []
    case .array(let values):
      for (index, value) in values.enumerated() {
        if let path = pathOfOddNumber(in: value) { return [.index(index)] + path }
      }
    case .object(let members):
      for member in members {
        if let path = pathOfOddNumber(in: member.value) { return [.name(member.name)] + path }
      }
    }
    return nil
  }

  private static func metadata(of value: JSONValue) throws(SafetensorsError.Problem) -> [String: String] {
    guard value != .null else { return [:] }
    guard case .object(let members) = value else { throw .metadataNotText(key: nil) }
    var metadata: [String: String] = [:]
    for member in members {
      guard let text = member.value.string else { throw .metadataNotText(key: member.name) }
      metadata[member.name] = text
    }
    return metadata
  }
}

extension SafetensorsHeaderDocument.Entry {
  fileprivate init(_ value: JSONValue) throws(SafetensorsError.TensorProblem) {
    guard case .object = value else {
      throw .malformedField(nil, expected: "an object with dtype, shape and data_offsets")
    }
    func field(_ name: String) throws(SafetensorsError.TensorProblem) -> JSONValue {
      guard let field = value[name] else { throw .missingField(name) }
      return field
    }
    func numbers(_ name: String) throws(SafetensorsError.TensorProblem) -> [Int] {
      let values = try field(name).array
      guard let numbers = values?.compactMap(\.integer), numbers.count == values?.count else {
        throw .malformedField(name, expected: "an array of whole numbers")
      }
      return numbers
    }
    guard let type = try field("dtype").string else { throw .malformedField("dtype", expected: "a string") }
    elementType = type
    shape = try numbers("shape")
    dataOffsets = try numbers("data_offsets")
  }
}
