import Datasets
import TestSupport
import Testing

/// A file that must be rejected, and the whole message without the path.
struct Refusal: Sendable, CustomTestStringConvertible {
  let name: String
  let file: [UInt8]
  let code: DatasetError.Code
  let position: DatasetError.Position?
  let message: String

  var testDescription: String { name }
}

struct IDXRefusalTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(arguments: header + size + gzip)
  func refuses(_ refusal: Refusal) throws {
    let path = try folder.write(refusal.file, to: "file")
    let error = try #require(throws: DatasetError.self) { try IDXArray(contentsOf: path) }
    #expect(error.code == refusal.code)
    #expect(error.position == refusal.position)
    #expect(error.category == .badData)
    #expect(error.path == path)
    #expect(error.description == "\(path): \(refusal.message)")
  }

  static let again = "copy or download the file again"

  static let header: [Refusal] = [
    Refusal(
      name: "empty", file: [], code: .empty, position: .file(0),
      message: "byte 0: empty: expected an IDX header, found no bytes; \(again)"),
    Refusal(
      name: "shorter than its magic number", file: [0, 0, 8], code: .headerCutShort(expected: 4, found: 3),
      position: .file(3), message: "byte 3: shorter than its header: expected 4 bytes, found 3; \(again)"),
    Refusal(
      name: "shorter than its dimensions", file: Array(SampleFiles.idx([1, 2, 3], []).dropLast(5)),
      code: .headerCutShort(expected: 16, found: 11), position: .file(11),
      message: "byte 11: shorter than its header: expected 16 bytes, found 11; \(again)"),
    Refusal(
      name: "web page", file: Array("<!DOCTYPE html><title>404</title>".utf8),
      code: .markup(found: [0x3C, 0x21, 0x44, 0x4F]), position: .file(0),
      message: "byte 0: not IDX but HTML or XML: expected 00 00, found 3C 21 44 4F; "
        + "open it to see what the server answered, then download the file again"),
    Refusal(
      name: "little-endian", file: [3, 8, 0, 0, 1, 0, 0, 0], code: .littleEndian(found: [3, 8, 0, 0]),
      position: .file(0),
      message: "byte 0: the header is little-endian: expected 00 00 08 03, found 03 08 00 00; "
        + "write the file again with big-endian numbers"),
    Refusal(
      name: "not IDX", file: Array("PK\u{3}\u{4}abcdefgh".utf8), code: .notIDX(found: [0x50, 0x4B, 3, 4]),
      position: .file(0),
      message: "byte 0: not an IDX file: expected 00 00, found 50 4B 03 04; name an IDX file, plain or gzip"),
    Refusal(
      name: "second byte not zero", file: [0, 1, 8, 1, 0, 0, 0, 1, 7], code: .notIDX(found: [0, 1, 8, 1]),
      position: .file(0),
      message: "byte 0: not an IDX file: expected 00 00, found 00 01 08 01; name an IDX file, plain or gzip"),
    Refusal(
      name: "unknown type", file: SampleFiles.idx(type: 0x0A, [1], [7]), code: .unknownElementType(found: 0x0A),
      position: .file(2),
      message: "byte 2: unknown element type: expected 08, 09, 0B, 0C, 0D or 0E, found 0A; \(again)"),
    Refusal(
      name: "rank 0", file: [0, 0, 8, 0, 7], code: .rankOutOfRange(found: 0), position: .file(3),
      message: "byte 3: impossible rank: expected 1 to 8 dimensions, found 0; \(again)"),
    Refusal(
      name: "rank 9", file: SampleFiles.idx([1, 1, 1, 1, 1, 1, 1, 1, 1], [7]), code: .rankOutOfRange(found: 9),
      position: .file(3), message: "byte 3: impossible rank: expected 1 to 8 dimensions, found 9; \(again)"),
    Refusal(
      name: "zero dimension", file: SampleFiles.idx([2, 0, 3], []), code: .zeroDimension(axis: 1), position: .file(8),
      message: "byte 8: axis 1 is empty: expected at least 1, found 0; \(again)"),
    Refusal(
      name: "dimension above 31 bits", file: SampleFiles.idx([1, 0x8000_0000], []),
      code: .dimensionTooLarge(axis: 1, found: 2_147_483_648), position: .file(8),
      message: "byte 8: axis 1 is too long: expected at most 2147483647, found 2147483648; \(again)"),
  ]

  static let size: [Refusal] = [
    Refusal(
      name: "16 bytes that promise 2⁹⁰ elements", file: SampleFiles.idx([1 << 30, 1 << 30, 1 << 30], []),
      code: .sizeOverflow(dimensions: [1 << 30, 1 << 30, 1 << 30]), position: .file(4),
      message: "byte 4: the promised size overflows: expected a product below 2^63 bytes, "
        + "found 1073741824 × 1073741824 × 1073741824; \(again)"),
    Refusal(
      name: "overflow only in bytes", file: SampleFiles.idx(type: 0x0E, [1 << 30, 1 << 30], []),
      code: .sizeOverflow(dimensions: [1 << 30, 1 << 30]), position: .file(4),
      message: "byte 4: the promised size overflows: expected a product below 2^63 bytes, "
        + "found 1073741824 × 1073741824; \(again)"),
    Refusal(
      name: "2⁶⁰ bytes promised, none there", file: SampleFiles.idx([1 << 30, 1 << 30], []),
      code: .tooFewElements(expectedBytes: 1 << 60, foundBytes: 0), position: .file(12),
      message: "byte 12: too few elements: expected 1152921504606846976 bytes after the header, found 0; \(again)"),
    Refusal(
      name: "one element too few", file: SampleFiles.idx([2, 3], [1, 2, 3, 4, 5]),
      code: .tooFewElements(expectedBytes: 6, foundBytes: 5), position: .file(17),
      message: "byte 17: too few elements: expected 6 bytes after the header, found 5; \(again)"),
    Refusal(
      name: "one element too many", file: SampleFiles.idx([2, 3], [1, 2, 3, 4, 5, 6, 7]),
      code: .tooManyElements(expectedBytes: 6, foundBytes: 7), position: .file(18),
      message: "byte 18: too many elements: expected 6 bytes after the header, found 7; \(again)"),
    Refusal(
      name: "half an element", file: SampleFiles.idx(type: 0x0C, [2], [0, 0, 0, 1, 0, 0]),
      code: .tooFewElements(expectedBytes: 8, foundBytes: 6), position: .file(14),
      message: "byte 14: too few elements: expected 8 bytes after the header, found 6; \(again)"),
  ]

  static let gzip: [Refusal] = [
    Refusal(
      name: "gzip of nothing", file: SampleFiles.gzip([]), code: .empty, position: .unpacked(0),
      message: "byte 0 of the unpacked data: empty: expected an IDX header, found no bytes; \(again)"),
    Refusal(
      name: "gzip of a zero dimension", file: SampleFiles.gzip(SampleFiles.idx([2, 0], [])),
      code: .zeroDimension(axis: 1), position: .unpacked(8),
      message: "byte 8 of the unpacked data: axis 1 is empty: expected at least 1, found 0; \(again)"),
    Refusal(
      name: "gzip that promises more than it can hold", file: SampleFiles.gzip(SampleFiles.idx([1 << 20], [])),
      code: .implausibleSize(promised: 1 << 20, largest: 31 * 1032), position: .unpacked(4),
      message: "byte 4 of the unpacked data: the header promises more than the file can hold: "
        + "expected at most 31992 bytes, found 1048576; \(again)"),
    Refusal(
      name: "gzip with one element too few", file: SampleFiles.gzip(SampleFiles.idx([2, 3], [1, 2, 3, 4, 5])),
      code: .tooFewElements(expectedBytes: 6, foundBytes: 5), position: .unpacked(17),
      message: "byte 17 of the unpacked data: too few elements: expected 6 bytes after the header, found 5; \(again)"),
    Refusal(
      name: "gzip with one element too many", file: SampleFiles.gzip(SampleFiles.idx([2, 3], [1, 2, 3, 4, 5, 6, 7])),
      code: .tooManyElements(expectedBytes: 6, foundBytes: nil), position: .unpacked(18),
      message:
        "byte 18 of the unpacked data: too many elements: expected 6 bytes after the header, found more; \(again)"),
    Refusal(
      name: "gzip with elements in a second member too many",
      file: SampleFiles.gzip(SampleFiles.idx([2], [1, 2])) + SampleFiles.gzip([3]),
      code: .tooManyElements(expectedBytes: 2, foundBytes: nil), position: .unpacked(10),
      message:
        "byte 10 of the unpacked data: too many elements: expected 2 bytes after the header, found more; \(again)"),
    Refusal(
      name: "gzip cut in its header", file: Array(SampleFiles.compressed.prefix(6)), code: .gzipCutShort(in: .header),
      position: .file(6),
      message:
        "byte 6: the gzip file is cut short in its header: expected more bytes, found the end of the file; \(again)"),
    Refusal(
      name: "gzip cut in its body", file: Array(SampleFiles.compressed.prefix(30)), code: .gzipCutShort(in: .body),
      position: .file(30),
      message:
        "byte 30: the gzip file is cut short in its body: expected more bytes, found the end of the file; \(again)"),
    Refusal(
      name: "gzip cut in its trailer", file: Array(SampleFiles.compressed.dropLast()),
      code: .gzipCutShort(in: .trailer),
      position: .file(42),
      message:
        "byte 42: the gzip file is cut short in its trailer: expected more bytes, found the end of the file; \(again)"),
    Refusal(
      name: "gzip with another compression method", file: [0x1F, 0x8B, 7] + SampleFiles.compressed.dropFirst(3),
      code: .gzipCorrupt(reason: "unknown compression method"), position: .file(4),
      message: "byte 4: the gzip file is damaged: expected a valid deflate stream, "
        + "found unknown compression method; \(again)"),
    Refusal(
      name: "gzip with a wrong checksum",
      file: SampleFiles.gzip(SampleFiles.idx([2], [5, 6]), checksum: 0x0123_4567),
      code: .gzipChecksum(expected: 0x0123_4567, found: SampleFiles.crc32(SampleFiles.idx([2], [5, 6]))),
      position: .file(25),
      message: "byte 25: the unpacked data do not match their checksum: expected CRC-32 01234567, "
        + "found \(hexadecimalChecksum); \(again)"),
    Refusal(
      name: "gzip with a wrong length", file: SampleFiles.gzip(SampleFiles.idx([2], [5, 6]), length: 11),
      code: .gzipLength(expected: 11, found: 10), position: .file(29),
      message: "byte 29: the unpacked data do not have their recorded length: expected 11 bytes, found 10; \(again)"),
    Refusal(
      name: "junk after the last gzip member", file: SampleFiles.compressed + Array("junk!".utf8),
      code: .gzipTrailingBytes(count: 5), position: .file(43),
      message: "byte 43: unexpected data after the last gzip member: expected the end of the file or 1F 8B, "
        + "found 5 other bytes; cut them off, or \(again)"),
    Refusal(
      name: "a byte behind zeros after the last gzip member", file: SampleFiles.compressed + [0, 1],
      code: .gzipTrailingBytes(count: 2),
      position: .file(43),
      message: "byte 43: unexpected data after the last gzip member: expected the end of the file or 1F 8B, "
        + "found 2 other bytes; cut them off, or \(again)"),
  ]

  private static var hexadecimalChecksum: String {
    let digits = String(SampleFiles.crc32(SampleFiles.idx([2], [5, 6])), radix: 16, uppercase: true)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
