import Compression
import Testing

/// Deflated bytes that zlib wrote elsewhere, unpacked in pieces.
struct InflateStreamTests {
  /// The output of Python's `zlib.compressobj(9, DEFLATED, -15)` for "jacquard" twenty times.
  private static let packed: [UInt8] = [
    0xCB, 0x4A, 0x4C, 0x2E, 0x2C, 0x4D, 0x2C, 0x4A, 0xC9, 0x1A, 0xA4, 0x34, 0x00,
  ]
  private static let content = Array(String(repeating: "jacquard", count: 20).utf8)

  @Test(arguments: [1, 2, 7, 64], [1, 3, 160])
  func thePiecesDoNotChangeTheBytes(inputSize: Int, outputSize: Int) throws {
    let stream = try InflateStream(.raw)
    var content: [UInt8] = []
    var offset = 0
    var status = InflateStream.Status.progress
    while status != .end {
      if stream.needsInput {
        let piece = Self.packed[offset..<min(offset + inputSize, Self.packed.count)]
        offset += stream.refill { output in for byte in piece { output.append(byte) } }
      }
      content += [UInt8](capacity: outputSize) { output in status = stream.inflate(into: &output) }
      try #require(status == .progress || status == .end || (status == .stalled && offset < Self.packed.count))
    }
    #expect(content == Self.content)
    #expect(stream.producedByteCount == 160)
    #expect(stream.consumedByteCount == Self.packed.count)
  }

  @Test func otherDataIsDamagedWithAReason() throws {
    let stream = try InflateStream(.raw)
    _ = stream.refill { output in output.append(0xFF) }
    var status = InflateStream.Status.progress
    _ = [UInt8](capacity: 8) { output in status = stream.inflate(into: &output) }
    #expect(status == .damaged("invalid block type"))
  }

  @Test func theChecksumHasItsPublishedCheckValue() {
    #expect(CRC32.checksum(of: Array("123456789".utf8).span) == 0xCBF4_3926)
    #expect(CRC32.checksum(of: [UInt8]().span) == 0)
  }
}
