// Numbers as files store them: lowest byte first. Arrays are copied, not converted, because the supported processors
// store numbers the same way; the compiler checks this.
#if !_endian(little)
  #error("files are read and written by copying little-endian memory")
#endif

extension [UInt8] {
  /// The integer whose lowest byte is at `offset`.
  package func littleEndian<Integer: FixedWidthInteger & UnsignedInteger>(at offset: Int, as type: Integer.Type)
    -> Integer
  {
    var value: Integer = 0
    for index in 0..<Integer.bitWidth / 8 { value |= Integer(self[offset + index]) << (8 * index) }
    return value
  }

  /// The numbers stored in the bytes at `range`; they need not be aligned.
  ///
  /// - Precondition: The range lies within the bytes, and its length is a multiple of the size of `Number`.
  package func littleEndian<Number: BitwiseCopyable & Numeric>(in range: Range<Int>, as type: Number.Type) -> [Number] {
    let size = MemoryLayout<Number>.size
    require(
      indices.contains(range) && range.count % size == 0,
      "[UInt8].littleEndian: \(range) of \(count) bytes does not hold numbers of \(size) bytes")
    return unsafe [Number](unsafeUninitializedCapacity: range.count / size) { numbers, count in
      count = range.count / size
      unsafe withUnsafeBytes { bytes in
        unsafe UnsafeMutableRawBufferPointer(numbers).copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[range]))
      }
    }
  }

  /// Appends the bytes of an integer, lowest first.
  package mutating func append(littleEndian value: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  /// Appends the bytes of numbers, lowest first, in one copy.
  package mutating func append(littleEndian values: [some BitwiseCopyable & Numeric]) {
    unsafe values.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }

  /// Overwrites bytes with those of an integer, lowest first.
  package mutating func replace(at place: Int, littleEndian value: some FixedWidthInteger & UnsignedInteger) {
    for byte in 0..<value.bitWidth / 8 { self[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
  }
}

extension Span where Element: BitwiseCopyable & Numeric {
  /// The memory of the numbers, which is also their representation in files.
  package var littleEndianBytes: Span<UInt8> {
    @_lifetime(copy self) get { unsafe Span<UInt8>(_bytes: bytes) }
  }
}
