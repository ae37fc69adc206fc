/// Reads the subset of Python literals that headers of `.npy` files use: a dictionary whose values are strings, truth
/// values and tuples of integers.
struct PythonLiteral {
  /// A value of the dictionary.
  enum Value: Equatable {
    case text(String)
    case truth(Bool)
    case tuple([Int])
    /// A list, which describes a structured type; its content is not read.
    case list
  }

  private let bytes: ArraySlice<UInt8>
  private var index: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    index = bytes.startIndex
  }

  /// The entries in order; spaces between them are ignored, and only spaces and newlines may follow.
  mutating func dictionary() throws(NumPyError.Problem) -> [(key: String, value: Value)] {
    try expect("{")
    var entries: [(key: String, value: Value)] = []
    while !accept("}") {
      let key = try text()
      try expect(":")
      let value = try value()
      entries.append((key, value))
      // The list's content is not read, nor is anything after it.
      if value == .list { return entries }
      if !accept(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard index == bytes.endIndex else { throw .malformedHeader(offset: index, expected: "the end of the header") }
    return entries
  }

  private mutating func value() throws(NumPyError.Problem) -> Value {
    skipSpace()
    switch next {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "("): return .tuple(try tuple())
    case UInt8(ascii: "["): return .list
    default:
      if accept(word: "True") { return .truth(true) }
      if accept(word: "False") { return .truth(false) }
      throw .malformedHeader(offset: index, expected: "a text, a tuple, True or False")
    }
  }

  private mutating func tuple() throws(NumPyError.Problem) -> [Int] {
    try expect("(")
    var numbers: [Int] = []
    while !accept(")") {
      numbers.append(try number())
      // Python 2 wrote long integers with an L.
      _ = accept("L")
      if !accept(",") {
        try expect(")")
        // A single number in parentheses is not a tuple.
        if numbers.count == 1 { throw .malformedHeader(offset: index - 1, expected: "a comma") }
        break
      }
    }
    return numbers
  }

  private mutating func number() throws(NumPyError.Problem) -> Int {
    skipSpace()
    let start = index
    var number = 0
    while let digit = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit {
      let (tenfold, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
      guard !overflow, !carry else { throw .malformedHeader(offset: start, expected: "a number below 2^63") }
      number = sum
      index += 1
    }
    guard index > start else { throw .malformedHeader(offset: start, expected: "a whole number") }
    return number
  }

  /// A string in single or double quotes. Known strings contain no escapes, so one with an escape is unknown.
  private mutating func text() throws(NumPyError.Problem) -> String {
    skipSpace()
    guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw .malformedHeader(offset: index, expected: "a text in quotes")
    }
    let start = index + 1
    guard let end = bytes[start...].firstIndex(of: quote) else {
      throw .malformedHeader(offset: index, expected: "the end of a text")
    }
    index = end + 1
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private var next: UInt8? { index < bytes.endIndex ? bytes[index] : nil }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
  }

  private mutating func accept(_ symbol: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: symbol) else { return false }
    index += 1
    return true
  }

  private mutating func accept(word: String) -> Bool {
    guard bytes[index...].starts(with: word.utf8) else { return false }
    index += word.utf8.count
    return true
  }

  private mutating func expect(_ symbol: Unicode.Scalar) throws(NumPyError.Problem) {
    guard accept(symbol) else { throw .malformedHeader(offset: index, expected: "'\(symbol)'") }
  }
}
