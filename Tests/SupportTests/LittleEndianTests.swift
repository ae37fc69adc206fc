import Support
import Testing

/// Numbers in bytes, one by one and in bulk.
struct LittleEndianTests {
  private let numbers: [Float] = [0, -0.0, 1.5, -.infinity, .leastNonzeroMagnitude, Float(bitPattern: 0x7FC1_2345)]

  @Test func manyNumbersHaveTheBytesOfEach() {
    var (one, all): ([UInt8], [UInt8]) = ([7], [7])
    for number in numbers { one.append(littleEndian: number.bitPattern) }
    all.append(littleEndian: numbers)
    #expect(all == one)
    var integers: [UInt8] = []
    integers.append(littleEndian: [1, -2] as [Int64])
    #expect(integers == [1, 0, 0, 0, 0, 0, 0, 0, 0xFE] + [UInt8](repeating: 0xFF, count: 7))
  }

  @Test(arguments: [0, 1, 3]) func numbersAreReadAtAnyAlignment(offset: Int) {
    var bytes = [UInt8](repeating: 9, count: offset)
    bytes.append(littleEndian: numbers)
    bytes += [9, 9]
    let found = bytes.littleEndian(in: offset..<bytes.count - 2, as: Float.self)
    #expect(found.map(\.bitPattern) == numbers.map(\.bitPattern))
    #expect(bytes.littleEndian(in: offset..<offset, as: UInt16.self) == [])
    let halves = bytes.littleEndian(in: offset..<offset + 12, as: UInt16.self)
    #expect(halves == [0, 0, 0, 0x8000, 0, 0x3FC0])
  }

  @Test func theMemoryOfNumbersIsWhatFilesHold() {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: numbers)
    let memory = numbers.span.littleEndianBytes
    #expect(memory.count == bytes.count && bytes.indices.allSatisfy { memory[$0] == bytes[$0] })
  }

  @Test func partsOfNumbersStopTheProcess() async {
    await #expect(processExitsWith: .failure) {
      _ = [UInt8](repeating: 0, count: 7).littleEndian(in: 0..<7, as: Float.self)
    }
    await #expect(processExitsWith: .failure) {
      _ = [UInt8](repeating: 0, count: 8).littleEndian(in: 4..<12, as: Float.self)
    }
  }
}
