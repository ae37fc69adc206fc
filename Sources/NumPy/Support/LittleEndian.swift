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
}
