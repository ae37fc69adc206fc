/// The header of an IDX file: two zero bytes, the element type, the rank, and the dimensions as big-endian 32-bit numbers.
struct IDXHeader {
  let elementType: IDXElementType
  let dimensions: [Int]

  /// Bytes of the elements after the header.
  let payloadByteCount: Int

  /// Bytes of the header itself.
  var byteCount: Int { 4 + 4 * dimensions.count }

  /// Reads and checks the header at the front of `reader`.
  init(from reader: some ByteReader) throws(DatasetError) {
    func refusal(_ code: DatasetError.Code, at offset: Int) -> DatasetError {
      DatasetError(path: reader.path, code: code, position: reader.position(offset))
    }

    let magic = try reader.read(4)
    guard let first = magic.first else { throw refusal(.empty, at: 0) }
    guard first != UInt8(ascii: "<") else { throw refusal(.markup(found: magic), at: 0) }
    guard magic.count == 4 else { throw refusal(.headerCutShort(expected: 4, found: magic.count), at: magic.count) }
    guard magic[0] == 0, magic[1] == 0 else {
      throw refusal(Self.isReversed(magic) ? .littleEndian(found: magic) : .notIDX(found: magic), at: 0)
    }
    guard let elementType = IDXElementType(rawValue: magic[2]) else {
      throw refusal(.unknownElementType(found: magic[2]), at: 2)
    }
    let rank = Int(magic[3])
    guard Self.ranks.contains(rank) else { throw refusal(.rankOutOfRange(found: magic[3]), at: 3) }

    let digits = try reader.read(4 * rank)
    guard digits.count == 4 * rank else {
      let found = 4 + digits.count
      throw refusal(.headerCutShort(expected: 4 + 4 * rank, found: found), at: found)
    }
    var dimensions: [Int] = []
    for axis in 0..<rank {
      let dimension = digits[(4 * axis)..<(4 * axis + 4)].reduce(0) { $0 << 8 | Int($1) }
      guard dimension > 0 else { throw refusal(.zeroDimension(axis: axis), at: 4 + 4 * axis) }
      guard dimension <= Int32.max else {
        throw refusal(.dimensionTooLarge(axis: axis, found: dimension), at: 4 + 4 * axis)
      }
      dimensions.append(dimension)
    }

    var byteCount = elementType.byteCount
    for dimension in dimensions {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw refusal(.sizeOverflow(dimensions: dimensions), at: 4) }
      byteCount = product
    }
    self.elementType = elementType
    self.dimensions = dimensions
    self.payloadByteCount = byteCount
  }

  private static let ranks = 1...8

  private static func isReversed(_ magic: [UInt8]) -> Bool {
    magic[3] == 0 && magic[2] == 0 && IDXElementType(rawValue: magic[1]) != nil && ranks.contains(Int(magic[0]))
  }
}
