internal import HTTPTypes
internal import Support

/// The JSON of an inference request, without the numbers of its tensors, which are many.
///
/// A general reader makes a value of each number; this one writes them straight into arrays, row by row.
struct TensorText {
  /// The request with `null` for the data of each tensor.
  private(set) var rest: [UInt8] = []
  /// The numbers of the tensors, in order.
  private(set) var tensors: [[Float]] = []
  private let text: ArraySlice<UInt8>
  private var position: Int

  /// Separates the numbers.
  ///
  /// - Throws: a `Problem` if data contains anything but numbers.
  init(_ text: ArraySlice<UInt8>) throws(Problem) {
    self.text = text
    position = text.startIndex
    var depth = 0
    while position < text.endIndex {
      let byte = text[position]
      switch byte {
      case UInt8(ascii: "\""):
        let start = position
        skipString()
        rest += text[start..<position]
        // Tensors are objects in the list of inputs.
        if depth == 3, text[start..<position].elementsEqual(#""data""#.utf8), try readData() {
          rest += ":null".utf8
        }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      rest.append(byte)
      position += 1
    }
  }

  private mutating func skipString() {
    position += 1
    while position < text.endIndex, text[position] != UInt8(ascii: "\"") {
      position += text[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    position = min(position + 1, text.endIndex)
  }

  private mutating func skipSpace() {
    while position < text.endIndex, [0x20, 0x0A, 0x0D, 0x09].contains(text[position]) {
      position += 1
    }
  }

  /// Reads the colon and the numbers after it; false, without a change, if there is no list.
  private mutating func readData() throws(Problem) -> Bool {
    let start = position
    skipSpace()
    guard position < text.endIndex, text[position] == UInt8(ascii: ":") else {
      position = start
      return false
    }
    position += 1
    skipSpace()
    guard position < text.endIndex, text[position] == UInt8(ascii: "[") else {
      position = start
      return false
    }
    var numbers: [Float] = []
    var depth = 0
    var mayEnd = false
    repeat {
      skipSpace()
      guard position < text.endIndex else { throw Self.unfinished }
      switch text[position] {
      case UInt8(ascii: "["):
        guard depth < 16, !mayEnd else { throw Self.malformed }
        depth += 1
        position += 1
        skipSpace()
        // An empty list.
        mayEnd = position < text.endIndex && text[position] == UInt8(ascii: "]")
      case UInt8(ascii: "]"):
        guard mayEnd else { throw Self.malformed }
        depth -= 1
        position += 1
      case UInt8(ascii: ","):
        guard mayEnd else { throw Self.malformed }
        mayEnd = false
        position += 1
      default:
        guard !mayEnd else { throw Self.malformed }
        numbers.append(try number())
        mayEnd = true
      }
    } while depth > 0
    tensors.append(numbers)
    return true
  }

  private mutating func number() throws(Problem) -> Float {
    let start = position
    var value = 0
    while position < text.endIndex, position - start < 9, let digit = Self.digit(text[position]) {
      value = 10 * value + digit
      position += 1
    }
    let isEnd =
      position < text.endIndex && [0x2C, 0x5D, 0x20, 0x0A, 0x0D, 0x09].contains(text[position])
    // A whole number without leading zeros.
    if isEnd, position > start, position == start + 1 || text[start] != UInt8(ascii: "0") {
      return Float(value)
    }
    while position < text.endIndex,
      ![0x2C, 0x5B, 0x5D, 0x20, 0x0A, 0x0D, 0x09].contains(text[position])
    { position += 1 }
    guard let value = try? JSONReader.value(of: text[start..<position]), let number = value.number,
      value.string == nil, Float(number).isFinite
    else { throw Self.malformed }
    return Float(number)
  }

  private static func digit(_ byte: UInt8) -> Int? {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte ? Int(byte - UInt8(ascii: "0")) : nil
  }

  private static var unfinished: Problem { Problem(.badRequest, "the data of a tensor has no end") }

  private static var malformed: Problem {
    Problem(
      .badRequest,
      "the data of a tensor must be lists of numbers of single precision, separated by commas")
  }
}
