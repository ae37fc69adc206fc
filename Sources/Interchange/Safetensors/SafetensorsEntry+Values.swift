internal import Support

extension SafetensorsEntry {
  /// The elements as `Float`; nil if their type cannot be converted.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - dataOffset: the offset of the data in the file.
  ///   - readsBytes: whether I8 is read too.
  func values(in bytes: [UInt8], dataOffset: Int, readsBytes: Bool = false) -> [Float]? {
    switch elementType {
    case .int8 where readsBytes:
      bytes[range(dataOffset)].map { Float(Int8(bitPattern: $0)) }
    case .float32:
      bytes.littleEndian(in: range(dataOffset), as: Float.self)
    case .float16:
      bytes.littleEndian(in: range(dataOffset), as: UInt16.self).map { Float(Float16(bitPattern: $0)) }
    case .bfloat16:
      bytes.littleEndian(in: range(dataOffset), as: UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    case .float64:
      bytes.littleEndian(in: range(dataOffset), as: Double.self).map { Float($0) }
    default: nil
    }
  }

  /// The range of its elements in a file whose data begins at `dataOffset`.
  private func range(_ dataOffset: Int) -> Range<Int> {
    dataOffset + byteRange.lowerBound..<dataOffset + byteRange.upperBound
  }
}
