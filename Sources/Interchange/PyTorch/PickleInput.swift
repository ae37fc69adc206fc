internal import Support

/// The bytes of a pickle, read once from front to back. It allocates nothing for bytes that do not exist.
struct PickleInput {
  private let bytes: [UInt8]
  /// The next byte.
  private(set) var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next byte.
  mutating func byte() throws(PyTorchError.Problem) -> UInt8 { try bytes(1)[place - 1] }

  /// Some bytes, with their indices in the pickle.
  mutating func bytes(_ count: Int) throws(PyTorchError.Problem) -> ArraySlice<UInt8> {
    guard count <= bytes.count - place else { throw .malformed(offset: place) }
    place += count
    return bytes[place - count..<place]
  }

  /// A whole number without a sign, little-endian.
  mutating func count(byteCount: Int) throws(PyTorchError.Problem) -> Int {
    let start = place
    let bits = try bytes(byteCount).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let value = Int(exactly: bits) else { throw .malformed(offset: start) }
    return value
  }

  /// A whole number of any size in two's complement; nil if it is too large for a size or index.
  mutating func long() throws(PyTorchError.Problem) -> PickleValue {
    let digits = try bytes(try count(byteCount: 1))
    guard digits.count <= 8 else { return .nothing }
    let isNegative = digits.last.map { $0 >= 0x80 } ?? false
    return .integer(digits.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) })
  }

  /// A floating point number, big-endian.
  mutating func double() throws(PyTorchError.Problem) -> Double {
    Double(bitPattern: try bytes(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// A text that follows its length.
  mutating func text(lengthByteCount: Int) throws(PyTorchError.Problem) -> String {
    String(decoding: try bytes(try count(byteCount: lengthByteCount)), as: UTF8.self)
  }

  /// A text that ends at a line feed.
  mutating func line() throws(PyTorchError.Problem) -> String {
    guard let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) else { throw .malformed(offset: place) }
    let text = String(decoding: bytes[place..<end], as: UTF8.self)
    place = end + 1
    return text
  }
}
