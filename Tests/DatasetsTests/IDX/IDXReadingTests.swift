import Datasets
import TestSupport
import Testing

struct IDXReadingTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(arguments: [[1], [7], [1, 1], [3, 4, 5], [2, 3, 4, 3], [1, 2, 1, 2, 1, 2, 1, 2]] as [[UInt32]])
  func plainAndPackedFilesGiveTheSameArray(dimensions: [UInt32]) throws {
    let elements = (0..<Int(dimensions.reduce(1, *))).map { UInt8($0 * 37 & 255) }
    let file = SampleFiles.idx(dimensions, elements)
    let plain = try IDXArray(contentsOf: folder.write(file, to: "plain.gz"))
    let packed = try IDXArray(contentsOf: folder.write(SampleFiles.gzip(file), to: "packed"))
    #expect(!plain.isCompressed, "the bytes decide, not the name")
    #expect(packed.isCompressed, "the bytes decide, not the name")
    for array in [plain, packed] {
      #expect(array.elementType == .unsignedByte)
      #expect(array.dimensions == dimensions.map { Int($0) })
      #expect(array.bytes == elements)
    }
    #expect(plain.path == folder.path + "/plain.gz")
  }

  @Test(arguments: [(0x08, 1), (0x09, 1), (0x0B, 2), (0x0C, 4), (0x0D, 4), (0x0E, 8)] as [(UInt8, Int)])
  func everyElementTypeHasItsSize(type: UInt8, byteCount: Int) throws {
    let elements = (0..<UInt8(6 * byteCount)).map { $0 }
    let array = try IDXArray(contentsOf: folder.write(SampleFiles.idx(type: type, [2, 3], elements), to: "typed"))
    #expect(array.elementType.rawValue == type)
    #expect(array.elementType.byteCount == byteCount)
    #expect(array.bytes == elements)
  }

  @Test func huffmanCodesAndBackReferencesAreUnpacked() throws {
    let array = try IDXArray(contentsOf: folder.write(SampleFiles.compressed, to: "compressed"))
    #expect(array.dimensions == [3, 4, 5])
    #expect(array.bytes == Array(SampleFiles.compressedContent.dropFirst(16)))
  }

  /// Larger than the reader's chunk, in blocks of many sizes, so that chunks end in every section of a member.
  @Test(arguments: [65_535, 60_000, 4096, 777])
  func contentLongerThanTheChunkIsUnpacked(blockSize: Int) throws {
    let elements = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) }
    let file = SampleFiles.gzip(SampleFiles.idx([600, 1000], elements), blockSize: blockSize)
    #expect(try IDXArray(contentsOf: folder.write(file, to: "large")).bytes == elements)
  }

  /// The first member's trailer and the second member's header span the end of the first chunk, at each possible position.
  @Test(arguments: [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 14, 18, 20])
  func membersMayMeetAtTheEndOfAChunk(shift: Int) throws {
    let chunk = 256 * 1024
    let elements = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    let content = SampleFiles.idx([300_000], elements)
    // 10 bytes of header, 5 per block and 8 of trailer surround the content of a member.
    var cut = chunk - 10 - 5 * 5 - 8 + shift
    if SampleFiles.gzip(Array(content[..<cut])).count != chunk + shift { cut -= 5 }
    let first = SampleFiles.gzip(Array(content[..<cut]))
    try #require(abs(first.count - chunk - shift) <= 10)
    let file = first + SampleFiles.gzip(Array(content[cut...]))
    #expect(try IDXArray(contentsOf: folder.write(file, to: "members")).bytes == elements)
  }

  @Test func membersAreJoined() throws {
    let content = SampleFiles.idx([3, 4, 5], (0..<60).map { $0 })
    for cut in 0...content.count {
      let file =
        SampleFiles.gzip(Array(content[..<cut])) + SampleFiles.gzip([]) + SampleFiles.gzip(Array(content[cut...]))
      #expect(
        try IDXArray(contentsOf: folder.write(file, to: "joined")).bytes == Array(content[16...]), "cut at \(cut)")
    }
  }

  /// Name, comment, extra field and header checksum are optional parts of a gzip header.
  @Test func optionalHeaderFieldsAreSkipped() throws {
    let fields: [UInt8] = [3, 0, 1, 2, 3] + Array("name".utf8) + [0] + Array("comment".utf8) + [0]
    let content = SampleFiles.idx([2], [5, 6])
    let file = SampleFiles.gzip(content, flags: 0x1C, fields: fields)
    #expect(try IDXArray(contentsOf: folder.write(file, to: "fields")).bytes == [5, 6])
  }
}
