import FoundationEssentials

/// Finds in a header what the JSON decoder does not tell: the order of its names, names that are there twice, commas behind the last
/// element, and nesting and numbers that no header needs.
///
/// It only looks for the places where keys stand and leaves the rest of the grammar to the decoder, which reads the same bytes
/// afterwards.
/// Names count as equal when Swift's strings are, that is in any spelling by escapes and in any Unicode normalization: a caller who
/// looks a name up could not tell them apart.
struct SafetensorsHeaderScanner {
  /// A header has entries (2) with arrays (3); what the format may add some day gets some room.
  private static let depthLimit = 16

  private struct Container {
    let isObject: Bool
    var expectsKey: Bool
    var keys: Set<String> = []
  }

  /// The bytes of the header; its indices are offsets in the file.
  private let header: ArraySlice<UInt8>
  private var containers: [Container] = []
  private var names: [String] = []

  /// The names at the top of the header, in its order.
  static func names(in header: ArraySlice<UInt8>) throws(SafetensorsError.Problem) -> [String] {
    var scanner = SafetensorsHeaderScanner(header: header)
    try scanner.scan()
    return scanner.names
  }

  private init(header: ArraySlice<UInt8>) {
    self.header = header
  }

  private mutating func scan() throws(SafetensorsError.Problem) {
    let start = header.firstIndex { !Self.isSpace($0) } ?? header.endIndex
    guard start < header.endIndex, header[start] == UInt8(ascii: "{") else { throw .notAnObject(offset: start) }
    var position = start
    var followsComma = false
    while position < header.endIndex {
      let byte = header[position]
      // A comma counts until the next byte that is no space.
      defer { followsComma = byte == UInt8(ascii: ",") || (followsComma && Self.isSpace(byte)) }
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard containers.count < Self.depthLimit else { throw .tooDeep(offset: position, limit: Self.depthLimit) }
        let isObject = byte == UInt8(ascii: "{")
        containers.append(Container(isObject: isObject, expectsKey: isObject))
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard let closed = containers.popLast(), closed.isObject == (byte == UInt8(ascii: "}")) else {
          throw .malformedJSON(offset: position, reason: "a bracket is closed that was not opened")
        }
        if followsComma { throw .malformedJSON(offset: position, reason: "nothing follows a comma") }
      case UInt8(ascii: ","):
        if let last = containers.indices.last { containers[last].expectsKey = containers[last].isObject }
      case UInt8(ascii: "\""):
        position = try scanString(from: position)
        continue
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
        position = try scanNumber(from: position)
        continue
      case 0..<0x20 where !Self.isSpace(byte):
        throw .malformedJSON(offset: position, reason: "there is a control character")
      default: break
      }
      position += 1
    }
    guard containers.isEmpty else {
      throw .malformedJSON(offset: position, reason: "it ends before its last bracket is closed")
    }
  }

  /// Passes over the string whose opening quote is at `start`, remembers it if it is a key, and returns the offset behind it.
  private mutating func scanString(from start: Int) throws(SafetensorsError.Problem) -> Int {
    var position = start + 1
    var hasEscapes = false
    while position < header.endIndex, header[position] != UInt8(ascii: "\"") {
      // A backslash takes the next byte with it, so that an escaped quote does not end the string.
      let isEscape = header[position] == UInt8(ascii: "\\")
      hasEscapes = hasEscapes || isEscape
      position += isEscape ? 2 : 1
    }
    guard position < header.endIndex else {
      throw .malformedJSON(offset: start, reason: "a string does not end")
    }
    if let last = containers.indices.last, containers[last].expectsKey {
      containers[last].expectsKey = false
      let key = try key(at: start...position, hasEscapes: hasEscapes)
      let isNew = containers[last].keys.insert(key).inserted
      if last == 0 {
        guard isNew else { throw .repeatedName(key, offset: start) }
        names.append(key)
      } else {
        guard isNew else { throw .repeatedKey(key, entry: names.last ?? "", offset: start) }
      }
    }
    return position + 1
  }

  /// The key that the bytes, quotes included, spell.
  private func key(at range: ClosedRange<Int>, hasEscapes: Bool) throws(SafetensorsError.Problem) -> String {
    guard hasEscapes else { return String(decoding: header[range].dropFirst().dropLast(), as: UTF8.self) }
    do {
      return try JSONDecoder().decode(String.self, from: Data(header[range]))
    } catch {
      throw .malformedJSON(offset: range.lowerBound, reason: "a name has an escape that is not valid")
    }
  }

  /// Passes over the digits from `start` on and returns the offset behind them.
  private func scanNumber(from start: Int) throws(SafetensorsError.Problem) -> Int {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let end = header[start...].firstIndex { !digits.contains($0) } ?? header.endIndex
    let isWhole = end == header.endIndex || !".eE".utf8.contains(header[end])
    guard isWhole, Int(String(decoding: header[start..<end], as: UTF8.self)) != nil else {
      throw .notAWholeNumber(offset: start)
    }
    return end
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    " \t\n\r".utf8.contains(byte)
  }
}
