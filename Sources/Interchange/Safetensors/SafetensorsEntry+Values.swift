internal import Support

extension SafetensorsEntry {
  /// The elements as `Float`, or nil when their type does not become one.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - dataOffset: where the data begins in it.
  func values(in bytes: [UInt8], dataOffset: Int) -> [Float]? {
    switch elementType {
    case .float32:
      elements(in: bytes, dataOffset, UInt32.self) { Float(bitPattern: $0) }
    case .float16:
      elements(in: bytes, dataOffset, UInt16.self) { Float(Float16(bitPattern: $0)) }
    case .bfloat16:
      elements(in: bytes, dataOffset, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .float64:
      elements(in: bytes, dataOffset, UInt64.self) { Float(Double(bitPattern: $0)) }
    default: nil
    }
  }

  private func elements<Bits: FixedWidthInteger & UnsignedInteger>(
    in bytes: [UInt8], _ dataOffset: Int, _ type: Bits.Type, _ convert: (Bits) -> Float
  ) -> [Float] {
    let size = Bits.bitWidth / 8
    let start = dataOffset + byteRange.lowerBound
    return (0..<byteRange.count / size).map { convert(bytes.littleEndian(at: start + $0 * size, as: type)) }
  }
}
