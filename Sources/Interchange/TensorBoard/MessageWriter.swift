internal import Support

/// Writes a message in the format of Protocol Buffers: field by field, each with its number and length. A nested message is written in place, without
/// a temporary buffer.
///
/// TensorBoard's few messages are only written; for them, this is less code than a generator produces.
struct MessageWriter {
  /// The message so far, after any earlier bytes.
  var bytes: [UInt8] = []

  /// A whole number; 0, the reader's default, is left out.
  mutating func integer(_ field: Int, _ value: Int) {
    tag(field, kind: 0)
    variable(UInt64(bitPattern: Int64(value)))
  }

  /// A number of eight bytes.
  mutating func double(_ field: Int, _ value: Double) {
    tag(field, kind: 1)
    bytes.append(littleEndian: value.bitPattern)
  }

  /// A number of four bytes.
  mutating func float(_ field: Int, _ value: Float) {
    tag(field, kind: 5)
    bytes.append(littleEndian: value.bitPattern)
  }

  /// A text.
  mutating func text(_ field: Int, _ value: String) { content(field, value.utf8) }

  /// Bytes.
  mutating func content(_ field: Int, _ value: some Collection<UInt8>) {
    tag(field, kind: 2)
    variable(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// Numbers of eight bytes, one after the other.
  mutating func packed(_ field: Int, _ values: [Double]) {
    tag(field, kind: 2)
    variable(UInt64(values.count * 8))
    for value in values { bytes.append(littleEndian: value.bitPattern) }
  }

  /// A nested message.
  mutating func message(_ field: Int, _ write: (inout MessageWriter) -> Void) {
    tag(field, kind: 2)
    let start = bytes.count
    write(&self)
    variable(UInt64(bytes.count - start), at: start)
  }

  private mutating func tag(_ field: Int, kind: Int) { variable(UInt64(field << 3 | kind)) }

  private mutating func variable(_ value: UInt64) { variable(value, at: bytes.count) }

  /// Appends a number, seven bits per byte, lowest first; the highest bit of a byte means that more follow.
  private mutating func variable(_ value: UInt64, at start: Int) {
    var (rest, place) = (value, start)
    while rest > 0x7F {
      bytes.insert(UInt8(truncatingIfNeeded: rest) | 0x80, at: place)
      rest >>= 7
      place += 1
    }
    bytes.insert(UInt8(rest), at: place)
  }
}
