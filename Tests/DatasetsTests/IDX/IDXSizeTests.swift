import Datasets
import TestSupport
import Testing

/// Headers that claim more than the file or any machine can hold must not cost memory.
struct IDXSizeTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// 784 GiB, of which all but the header may be a hole.
  private static let header = SampleFiles.idx([1 << 30, 28, 28], [])
  private static let promise = 784 << 30

  @Test func aHoleLargerThanTheMemoryIsRefused() throws {
    let byteCount = Self.header.count + Self.promise
    guard let path = try folder.writeSparse(Self.header, byteCount: byteCount, to: "sparse") else { return }
    try expectRefusal(of: path, position: .file(4), place: "byte 4")
  }

  /// The file is so large, through a hole after its first member, that it could unpack to the claimed size.
  @Test func aPackedPromiseLargerThanTheMemoryIsRefused() throws {
    let file = SampleFiles.gzip(Self.header + [1, 2, 3])
    guard let path = try folder.writeSparse(file, byteCount: 1 << 30, to: "sparse.gz") else { return }
    try expectRefusal(of: path, position: .unpacked(4), place: "byte 4 of the unpacked data")
  }

  /// The memory might suffice, but nothing follows the header: the usual message says what is missing.
  @Test func aPackedPromiseThatIsNotKeptCostsNothing() throws {
    let file = SampleFiles.gzip(SampleFiles.idx([1 << 20, 28, 28], [1, 2, 3]))
    guard let path = try folder.writeSparse(file, byteCount: 1 << 20, to: "short.gz") else { return }
    let error = try #require(throws: DatasetError.self) { try IDXArray(contentsOf: path) }
    // The hole consists of zero bytes, which are ignored after a gzip file.
    #expect(error.code == .tooFewElements(expectedBytes: 784 << 20, foundBytes: 3))
  }

  /// More than the first allocation, so that the memory grows.
  @Test func packedContentGrowsAsItArrives() throws {
    let count = 1_200_000
    let elements = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ ($0 >> 8)) }
    let content = SampleFiles.idx([UInt32(count)], elements)
    let packed = SampleFiles.gzip(content, checksum: 0x380A_5773)
    #expect(try IDXArray(contentsOf: folder.write(packed, to: "packed")).bytes == elements)
    #expect(try IDXArray(contentsOf: folder.write(content, to: "plain")).bytes == elements)
  }

  private func expectRefusal(of path: String, position: DatasetError.Position, place: String) throws {
    let error = try #require(throws: DatasetError.self) { try IDXArray(contentsOf: path) }
    guard case .tooLarge(let largest, let found) = error.code else {
      Issue.record("\(error)")
      return
    }
    #expect(found == Self.promise)
    #expect(largest > 0 && largest < Self.promise)
    #expect(error.position == position)
    #expect(error.category == .badData)
    #expect(
      error.description == "\(path): \(place): too large: expected at most \(largest) bytes, found \(found); "
        + "check the program that wrote the file, or reduce the data")
  }
}
