internal import Support

extension SafetensorsEntry {
  /// The elements as `Float`, or nil if their type does not become one.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - dataOffset: where the data begins in it.
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

  /// Where its elements are in a file whose data begins at `dataOffset`.
  private func range(_ dataOffset: Int) -> Range<Int> {
    dataOffset + byteRange.lowerBound..<dataOffset + byteRange.upperBound
  }
}
