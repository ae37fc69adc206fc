/// The entry of one tensor in the header of a safetensors file, after all checks.
public struct SafetensorsEntry: Equatable, Sendable {
  /// The tensor's name.
  public let name: String
  /// The type of its elements in the file.
  public let elementType: SafetensorsElementType
  /// The dimensions, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The range of its elements, in bytes from the end of the header.
  public let byteRange: Range<Int>
}

extension SafetensorsEntry {
  /// Checks the fields of one entry: the type is known, and the range is inside the data and has the length of the shape.
  init(
    name: String, fields: SafetensorsHeaderDocument.Entry, dataByteCount: Int
  ) throws(SafetensorsError.TensorProblem) {
    guard let elementType = SafetensorsElementType(rawValue: fields.elementType) else {
      throw .unknownElementType(fields.elementType)
    }
    guard fields.dataOffsets.count == 2 else {
      throw .malformedField("data_offsets", expected: "two numbers, found \(fields.dataOffsets.count)")
    }
    let (begin, end) = (fields.dataOffsets[0], fields.dataOffsets[1])
    guard begin <= end else { throw .reversedRange(begin: begin, end: end) }
    guard end <= dataByteCount else { throw .rangePastEnd(end: end, available: dataByteCount) }
    let expected = try Self.byteCount(shape: fields.shape, elementType: elementType)
    guard expected == end - begin else {
      throw .wrongByteCount(
        shape: fields.shape, elementType: elementType, expected: expected, found: end - begin)
    }
    self.init(name: name, elementType: elementType, shape: fields.shape, byteRange: begin..<end)
  }

  private static func byteCount(
    shape: [Int], elementType: SafetensorsElementType
  ) throws(SafetensorsError.TensorProblem) -> Int {
    var bitCount = elementType.bitWidth
    for dimension in shape {
      let (product, overflow) = bitCount.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw .sizeOverflow(shape: shape) }
      bitCount = product
    }
    guard bitCount.isMultiple(of: 8) else { throw .partialByte(shape: shape, elementType: elementType) }
    return bitCount / 8
  }
}
