import Files
import Foundation
import TestSupport
import Testing

/// Bytes in memory and in mapped files.
struct StoredBytesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let content = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

  private func mapped(_ range: Range<Int>) throws -> StoredBytes {
    let file = try RegularFile(path: folder.write(Self.content, to: "file"))
    return try StoredBytes(mapping: file, from: range.lowerBound, count: range.count)
  }

  /// Also where a part begins inside of a page, and after the file was closed and removed.
  @Test(arguments: [0..<20_000, 1..<2, 4095..<4097, 4096..<12_288, 19_999..<20_000, 7..<7])
  func aMappedFileIsAsTheSameBytesInMemory(range: Range<Int>) throws {
    let bytes = try mapped(range)
    folder.remove("file")
    let expected = Array(Self.content[range])
    #expect(bytes.count == expected.count && bytes.isMapped == !range.isEmpty)
    #expect(bytes == expected && bytes == StoredBytes(expected))
    #expect(Array(bytes) == expected)
    #expect(bytes.indices.map { bytes[$0] } == expected)
    let half = expected.count / 2..<expected.count
    #expect(Array(bytes.copy(half)) == Array(expected[half]))
    #expect(bytes.taking(half) == Array(expected[half]) && bytes.taking(half).isMapped == bytes.isMapped)
    var pieces: [UInt8] = []
    bytes.forEachPiece { piece in for index in piece.indices { pieces.append(piece[index]) } }
    #expect(pieces == expected)
    #expect(SHA256.hexadecimal(of: bytes) == SHA256.hexadecimal(of: expected))
  }

  @Test func otherBytesAreNotEqual() throws {
    var other = Self.content
    other[19_999] ^= 1
    #expect(try mapped(0..<20_000) != StoredBytes(other))
    #expect(try mapped(0..<20_000) != StoredBytes(Array(other.dropLast())))
  }

  @Test(arguments: [(0, 20_001), (20_000, 1), (1, Int.max)])
  func moreThanTheFileHoldsIsRefused(offset: Int, count: Int) throws {
    let file = try RegularFile(path: folder.write(Self.content, to: "file"))
    let error = try #require(throws: FileError.self) {
      try StoredBytes(mapping: file, from: offset, count: count)
    }
    guard case .tooShort(_, let found) = error.cause else {
      Issue.record("\(error)")
      return
    }
    #expect(found == 20_000)
  }

  @Test func accessOutsideEndsTheProcess() async {
    await #expect(processExitsWith: .failure) {
      let folder = try TemporaryFolder()
      let file = try RegularFile(path: folder.write([1, 2, 3], to: "file"))
      let bytes = try StoredBytes(mapping: file, from: 0, count: 3)
      _ = bytes[3]
    }
  }

  /// A file of holes is not mapped by readers: its size says nothing.
  @Test func filesOfHolesAreRecognized() throws {
    let path = try folder.write([1], to: "hole")
    try #require(unsafe truncate(path, 1 << 24) == 0)
    #expect(try RegularFile(path: path).isMostlyHole)
    #expect(try !RegularFile(path: folder.write(Self.content, to: "file")).isMostlyHole)
    #expect(try !RegularFile(path: folder.write([], to: "empty")).isMostlyHole)
  }

  @Test func stampsTellContentsApart() throws {
    let path = try folder.write(Self.content, to: "file")
    let stamp = try RegularFile(path: path).stamp
    #expect(stamp == FileStamp(path: path) && stamp != nil)
    try folder.write(Self.content + [0], to: "file")
    #expect(FileStamp(path: path) != stamp && FileStamp(path: path)?.text != stamp?.text)
  }
}
