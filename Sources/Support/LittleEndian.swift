extension [UInt8] {
  /// The integer whose lowest byte is at `offset`.
  package func littleEndian<Integer: FixedWidthInteger & UnsignedInteger>(at offset: Int, as type: Integer.Type)
    -> Integer
  {
    var value: Integer = 0
    for index in 0..<Integer.bitWidth / 8 { value |= Integer(self[offset + index]) << (8 * index) }
    return value
  }

  /// Adds the bytes of an integer, lowest first.
  package mutating func append(littleEndian value: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  /// Puts the bytes of an integer, lowest first, in the place of those that are there.
  package mutating func replace(at place: Int, littleEndian value: some FixedWidthInteger & UnsignedInteger) {
    for byte in 0..<value.bitWidth / 8 { self[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
  }
}
