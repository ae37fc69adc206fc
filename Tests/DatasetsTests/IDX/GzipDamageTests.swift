import Datasets
import TestSupport
import Testing

struct GzipDamageTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func refusal(of file: [UInt8]) throws -> DatasetError {
    let path = try folder.write(file, to: "file")
    return try #require(throws: DatasetError.self) { try IDXArray(contentsOf: path) }
  }

  /// The reference gzip's file, cut at every position.
  @Test func everyCutIsNoticedInItsSection() throws {
    let file = SampleFiles.compressed
    for length in 2..<file.count {
      let section: DatasetError.GzipSection =
        length < 10 ? .header : length < file.count - 8 ? .body : .trailer
      let error = try refusal(of: Array(file.prefix(length)))
      #expect(error.code == .gzipCutShort(in: section), "cut after \(length) bytes")
      #expect(error.position == .file(length))
    }
  }

  /// Content that fills more than one chunk, cut near the end: in the last block, at its end, and in the trailer.
  @Test func cutsOfALongFileAreNoticedInTheirSection() throws {
    let file = SampleFiles.gzip(SampleFiles.idx([300_000], [UInt8](repeating: 9, count: 300_000)))
    for missing in 1...40 {
      let error = try refusal(of: Array(file.dropLast(missing)))
      #expect(error.code == .gzipCutShort(in: missing <= 8 ? .trailer : .body), "\(missing) bytes missing")
    }
  }

  /// The second of two members, cut at every position; at the boundary no member is truncated, but elements are missing.
  @Test func everyCutOfASecondMemberIsNoticed() throws {
    let content = SampleFiles.compressedContent
    let first = SampleFiles.gzip(Array(content.prefix(40)))
    let second = SampleFiles.gzip(Array(content.dropFirst(40)))
    #expect(try refusal(of: first).code == .tooFewElements(expectedBytes: 60, foundBytes: 24))
    #expect(try refusal(of: first + second.prefix(1)).code == .gzipTrailingBytes(count: 1))
    for length in 2..<second.count {
      let section: DatasetError.GzipSection =
        length < 10 ? .header : length < second.count - 8 ? .body : .trailer
      #expect(try refusal(of: first + second.prefix(length)).code == .gzipCutShort(in: section), "\(length) bytes")
    }
    #expect(try IDXArray(contentsOf: folder.write(first + second, to: "whole")).bytes == Array(content.dropFirst(16)))
  }

  /// Any single flipped bit is rejected, or is in a part that the format ignores: the header's six bytes of remarks (time, level, system), its text
  /// flag, and the seven bits that fill up the last byte of the body, 34, after the end-of-block code.
  @Test func everyFlippedBitIsRefusedOrHarmless() throws {
    let sound = try IDXArray(contentsOf: folder.write(SampleFiles.compressed, to: "sound"))
    for index in SampleFiles.compressed.indices {
      for bit in 0..<8 {
        var file = SampleFiles.compressed
        file[index] ^= 1 << bit
        let path = try folder.write(file, to: "flipped")
        let isIgnored = (4..<10).contains(index) || (index == 3 && bit == 0) || (index == 34 && bit > 0)
        let result = Result { () throws(DatasetError) in try IDXArray(contentsOf: path) }
        switch result {
        case .success(let array):
          #expect(isIgnored && array.bytes == sound.bytes, "byte \(index), bit \(bit)")
        case .failure(let error):
          #expect(!isIgnored && error.category == .badData, "byte \(index), bit \(bit): \(error)")
        }
      }
    }
  }

  /// A wrong checksum of an early member is detected even if later members follow.
  @Test func everyMembersTrailerIsChecked() throws {
    let content = SampleFiles.compressedContent
    let first = SampleFiles.gzip(Array(content.prefix(40)), checksum: 1)
    let second = SampleFiles.gzip(Array(content.dropFirst(40)))
    let error = try refusal(of: first + second)
    #expect(error.code == .gzipChecksum(expected: 1, found: SampleFiles.crc32(Array(content.prefix(40)))))
    #expect(error.position == .file(first.count - 8))
    let shortened = SampleFiles.gzip(Array(content.dropFirst(40)), length: 7)
    #expect(
      try refusal(of: SampleFiles.gzip(Array(content.prefix(40))) + shortened).code
        == .gzipLength(expected: 7, found: 36))
  }
}
