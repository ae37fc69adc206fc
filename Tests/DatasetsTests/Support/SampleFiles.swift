/// Files for the tests, byte by byte, written without the code under test.
enum SampleFiles {
  /// An IDX file: the header for these dimensions, then the elements.
  static func idx(type: UInt8 = 0x08, _ dimensions: [UInt32], _ elements: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(dimensions.count)] + dimensions.flatMap { bigEndian($0) } + elements
  }

  /// A gzip member of stored blocks of at most `blockSize` bytes; the trailer's numbers may be overridden.
  static func gzip(
    _ content: [UInt8], blockSize: Int = 65_535, flags: UInt8 = 0, fields: [UInt8] = [], checksum: UInt32? = nil,
    length: UInt32? = nil
  ) -> [UInt8] {
    var file: [UInt8] = [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 3] + fields
    var start = 0
    repeat {
      let end = min(start + blockSize, content.count)
      let size = UInt16(end - start)
      file.append(end == content.count ? 1 : 0)
      file += [UInt8(size & 255), UInt8(size >> 8), UInt8(~size & 255), UInt8(~size >> 8)]
      file += content[start..<end]
      start = end
    } while start < content.count
    return file + littleEndian(checksum ?? crc32(content)) + littleEndian(length ?? UInt32(content.count))
  }

  /// The unpacked content of `compressed`: an IDX file of 3 × 4 × 5 unsigned bytes.
  static let compressedContent = idx([3, 4, 5], [UInt8](repeating: 0, count: 17) + (0..<43).map { UInt8($0 % 7 * 30) })

  /// The same, packed by the reference gzip, in one block of Huffman codes and back references.
  static let compressed: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63, 0x60, 0xE0, 0x60, 0x66, 0x60, 0x60, 0x00, 0x61,
    0x16, 0x20, 0x66, 0x65, 0xC0, 0x00, 0x72, 0x36, 0x51, 0x15, 0xD3, 0xB6, 0x10, 0x43, 0x01, 0x00, 0x85, 0xCB, 0x60,
    0x09, 0x4C, 0x00, 0x00, 0x00,
  ]

  static func bigEndian(_ word: UInt32) -> [UInt8] { littleEndian(word).reversed() }

  static func littleEndian(_ word: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }

  /// The CRC-32 of gzip, bit by bit.
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { register, byte in
      (0..<8).reduce(register ^ UInt32(byte)) { word, _ in word >> 1 ^ (word & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
  }
}
