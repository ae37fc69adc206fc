internal import Support

extension SafetensorsEntry {
  /// The elements as `Float`; nil if their type cannot be converted.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - dataOffset: the offset of the data in the file.
  func values(in bytes: [UInt8], dataOffset: Int) -> [Float]? {
    switch elementType {
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
