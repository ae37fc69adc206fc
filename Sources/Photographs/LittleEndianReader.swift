/// Reads little-endian numbers and bytes from a file, and throws at its end.
struct LittleEndianReader {
  private let bytes: [UInt8]
  /// The next byte.
  private(set) var place: Int

  init(_ bytes: [UInt8], at place: Int = 0) {
    self.bytes = bytes
    self.place = place
  }

  /// The remaining bytes.
  var rest: Int { max(0, bytes.count - place) }

  /// The next bytes.
  mutating func take(_ count: Int) throws(PhotographError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest else { throw .broken("it ends too early, at byte \(bytes.count)") }
    place += count
    return bytes[place - count..<place]
  }

  /// The next byte.
  mutating func byte() throws(PhotographError) -> Int { try number(1) }

  /// An unsigned number of `count` bytes.
  mutating func number(_ count: Int) throws(PhotographError) -> Int {
    try take(count).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// A signed number of four bytes.
  mutating func signed() throws(PhotographError) -> Int {
    Int(Int32(truncatingIfNeeded: try number(4)))
  }
}
