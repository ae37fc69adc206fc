import AllocationCounter
import Interchange
import TestSupport
import Testing

/// The bytes of event files. The conformance tests check that TensorBoard reads them.
struct TensorBoardTests {
  @Test func checksumsAreThoseOfTheStandard() {
    #expect(CRC32C.checksum(of: Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.masked(Array("123456789".utf8)) == 0xC78A_B0E5)
    // RFC 3720, B.4.
    #expect(CRC32C.checksum(of: [UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum(of: [UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum(of: Array(0..<32)) == 0x46DD_794E)
    #expect(CRC32C.checksum(of: []) == 0)
  }

  @Test func recordsHaveTheirLayout() {
    let record = TensorBoardEvent(time: 1, step: 0, .version).record()
    let message: [UInt8] =
      [0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0x10, 0, 0x1A, 13] + Array("brain.Event:2".utf8)
    let length: [UInt8] = [UInt8(message.count), 0, 0, 0, 0, 0, 0, 0]
    #expect(Array(record.prefix(8)) == length)
    #expect(Array(record[8..<12]) == Self.bytes(CRC32C.masked(length)))
    #expect(Array(record[12..<12 + message.count]) == message)
    #expect(Array(record.suffix(4)) == Self.bytes(CRC32C.masked(message)))
    #expect(record.count == 16 + message.count)
  }

  @Test func valuesHaveTheirFields() {
    func message(_ step: Int, _ content: TensorBoardEvent.Content) -> [UInt8] {
      Array(TensorBoardEvent(time: 0, step: step, content).record().dropFirst(12 + 9).dropLast(4))
    }
    // Step 300 with seven bits per byte; a session start.
    #expect(message(300, .start) == [0x10, 0xAC, 0x02, 0x3A, 2, 0x08, 1])
    #expect(
      message(1, .values([.init("a", .scalar(-2))])) == [
        0x10, 1, 0x2A, 10, 0x0A, 8, 0x0A, 1, 0x61, 0x15, 0, 0, 0, 0xC0,
      ])
    #expect(
      message(1, .values([.init("a", .picture(width: 2, height: 1, channels: 3, png: [7, 8]))])) == [
        0x10, 1, 0x2A, 17, 0x0A, 15, 0x0A, 1, 0x61, 0x22, 10, 0x08, 1, 0x10, 2, 0x18, 3, 0x22, 2, 7, 8,
      ])
  }

  /// Nested messages keep their lengths, regardless of the bytes before them.
  @Test func longMessagesAreWhole() throws {
    let histogram = try #require(TensorBoardHistogram((0..<1000).map(Float.init)))
    let values: [TensorBoardEvent.Value] = [
      .init(String(repeating: "n", count: 200), .scalar(1)), .init("h", .histogram(histogram)),
    ]
    let record = TensorBoardEvent(time: 0, step: 1, .values(values)).record()
    // A scalar of 208 bytes and a histogram of 1,081, each with a head of three; the head of the summary has three as well.
    #expect(Array(record[23..<26]) == [0x2A, 0x8F, 0x0A])
    #expect(Array(record[26..<29]) == [0x0A, 0xD0, 0x01])
    #expect(Array(record[237..<240]) == [0x0A, 0xB9, 0x08])
    #expect(record.count == 26 + 3 + 208 + 3 + 1081 + 4)
  }

  @Test(.enabled(if: Sanitizer.current == nil))
  func recordsTakeNoMemory() throws {
    let folder = try TemporaryFolder()
    let file = try TensorBoardFile(folder: folder.path, after: [], time: 0, process: 7)
    let values: [TensorBoardEvent.Value] = [.init("step/loss", .scalar(0.5)), .init("step/accuracy", .scalar(0.25))]
    var counts: [UInt64] = []
    for _ in 0..<3 {
      let before = allocations_of_this_thread()
      for step in 0..<100 { file.append(TensorBoardEvent(time: 1, step: step, .values(values))) }
      try file.flush()
      counts.append(allocations_of_this_thread() - before)
    }
    #expect(counts[2] == 0, "\(counts)")
  }

  @Test func histogramsCountEveryFiniteValue() throws {
    let values: [Float] = [0, 0.25, 0.5, 1, .nan, .infinity, -1]
    let histogram = try #require(TensorBoardHistogram(values))
    #expect(histogram.minimum == -1 && histogram.maximum == 1 && histogram.count == 5)
    #expect(histogram.sum == 0.75 && histogram.sumOfSquares == 2.3125)
    #expect(histogram.limits.count == 64 && histogram.limits.last == 1 && histogram.limits.first == -1 + 2.0 / 64)
    #expect(histogram.counts.count == 64 && histogram.counts[0] == 1 && histogram.counts[63] == 1)
    #expect(histogram.counts[32] == 1 && histogram.counts[40] == 1 && histogram.counts[48] == 1)
    // All the same, and none at all.
    let flat = try #require(TensorBoardHistogram([2, 2, 2]))
    #expect(flat.limits == [2] && flat.counts == [3])
    #expect(TensorBoardHistogram([.nan]) == nil)
    #expect(TensorBoardHistogram([]) == nil)
  }

  @Test func filesFollowEachOtherByName() throws {
    let folder = try TemporaryFolder()
    func name(after names: [String], time: Double) throws -> String {
      let before = Set(try folder.names())
      _ = try TensorBoardFile(folder: folder.path, after: names, time: time, process: 7)
      return try #require(try folder.names().first { !before.contains($0) })
    }
    let first = try name(after: [], time: 1_700_000_000.9)
    #expect(first == "events.out.tfevents.1700000000.jacquard.7")
    // In the same second, or after the clock was set back.
    let second = try name(after: [first], time: 1_700_000_000.9)
    #expect(second == "events.out.tfevents.1700000001.jacquard.7")
    #expect(
      try name(after: [second, first, "zebra"], time: 1_600_000_000) == "events.out.tfevents.1700000002.jacquard.7")
    // A machine without a clock battery starts in 1970, and TensorBoard sorts names as text.
    let early = try name(after: [], time: 42)
    #expect(early == "events.out.tfevents.0000000042.jacquard.7")
    let next = try name(after: [early], time: 999_999_999)
    let last = try name(after: [early, next], time: 1_000_000_000)
    #expect([last, next, early, first].sorted() == [early, next, last, first])
    // Similar names without a time, which no name can follow, are skipped.
    let odd = ["x", "", "9999999999.host", "99999999999", "99999999999999999999", "-1"]
      .map { "events.out.tfevents." + $0 }
    #expect(try name(after: odd + [first], time: 1_800_000_000) == "events.out.tfevents.1800000000.jacquard.7")
  }

  private static func bytes(_ word: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
}
