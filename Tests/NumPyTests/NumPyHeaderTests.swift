import NumPy
import Testing

/// Headers of `.npy` files as other programs write them, and invalid ones.
struct NumPyHeaderTests {
  /// A file of version 1.0 with this header and data.
  private static func file(_ header: String, data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    let count = header.utf8.count
    let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(header.utf8) + data
  }

  @Test(
    arguments: [
      "{'descr':'|u1','fortran_order':False,'shape':(2,)}",
      "{\"shape\": (2L,), \"descr\": \"|u1\", \"fortran_order\": False}",
      "  { 'fortran_order' :\tTrue , 'shape' : ( 2 , ) ,\n'descr': '<u1' , }  \n\n",
      "{'descr': '=u1', 'shape': (2,), 'fortran_order': False, }\n",
    ], [1, 2, 3] as [UInt8])
  func anyOrderSpacesAndQuotesAreAccepted(header: String, version: UInt8) throws {
    let array = try NumPyArray(file: Self.file(header, data: [7, 9], version: version), path: "a.npy")
    #expect(array.shape == [2])
    #expect(array.elementType == .uint8)
    #expect(array.integers == [7, 9])
  }

  @Test func columnMajorAndBigEndianElementsAreReordered() throws {
    let header = "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3)}"
    let array = try NumPyArray(
      file: Self.file(header, data: [0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0xFF, 0xFA]), path: "a.npy")
    #expect(array.integers == [1, 2, 3, 4, 5, -6])
    #expect(array.bytes == [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 0xFA, 0xFF])
  }

  private static let damaged: [(bytes: [UInt8], problem: NumPyError.Problem)] = [
    ([], .tooShort(byteCount: 0)),
    ([0x93] + Array("NUMPY".utf8), .tooShort(byteCount: 6)),
    ([0x93] + Array("NUMPY".utf8) + [2, 0, 0, 0], .tooShort(byteCount: 10)),
    (Array("<html>".utf8), .notNumPy(guess: "an HTML or XML page, perhaps from a failed download")),
    (Array("NUMPY".utf8), .notNumPy(guess: nil)),
    (file("", version: 4), .unknownVersion(4, 0)),
    ([0x93] + Array("NUMPY".utf8) + [1, 7, 2, 0, 0x7B, 0x7D], .unknownVersion(1, 7)),
    ([0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF], .headerTooLong(byteCount: 0xFFFF_FFFF)),
    ([0x93] + Array("NUMPY".utf8) + [1, 0, 9, 0, 0x7B], .headerPastEnd(byteCount: 9, available: 1)),
    (file(""), .malformedHeader(offset: 10, expected: "'{'")),
    (file("{'descr': '<f4'"), .malformedHeader(offset: 25, expected: "'}'")),
    (file("{'descr: 1}"), .malformedHeader(offset: 11, expected: "the end of a text")),
    (file("{}x"), .malformedHeader(offset: 12, expected: "the end of the header")),
    (file("{'descr': 4}"), .malformedHeader(offset: 20, expected: "a text, a tuple, True or False")),
    (file("{'shape': (-1,)}"), .malformedHeader(offset: 21, expected: "a whole number")),
    (file("{'shape': (3)}"), .malformedHeader(offset: 22, expected: "a comma")),
    (file("{'shape': (9223372036854775808,)}"), .malformedHeader(offset: 21, expected: "a number below 2^63")),
    (file("{}"), .missingKey("descr")),
    (file("{'descr': '<f4', 'shape': ()}"), .missingKey("fortran_order")),
    (file("{'descr': '<f4', 'descr': '<f4'}"), .repeatedKey("descr")),
    (file("{'descr': '<f4', 'order': 'C'}"), .unknownKey("order")),
    (file("{'descr': '|O'}"), .unknownElementType("|O")),
    (file("{'descr': '<U8'}"), .unknownElementType("<U8")),
    (file("{'descr': '|f4'}"), .unknownElementType("|f4")),
    (file("{'descr': ''}"), .unknownElementType("")),
    (file("{'descr': [('a', '<f4')]}"), .structuredType),
    (
      file("{'descr': '<f4', 'fortran_order': 'no', 'shape': ()}"),
      .wrongValue(key: "fortran_order", expected: "True or False")
    ),
    (
      file("{'descr': '<f4', 'fortran_order': False, 'shape': False}"),
      .wrongValue(key: "shape", expected: "a tuple of whole numbers")
    ),
    (
      file("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 0, 4294967296)}"),
      .sizeOverflow(shape: [4_294_967_296, 0, 4_294_967_296])
    ),
    (
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}", data: [1]),
      .wrongByteCount(shape: [1_000_000_000_000], elementType: .float32, expected: 4_000_000_000_000, found: 1)
    ),
    (
      file("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", data: [1, 2]),
      .wrongByteCount(shape: [], elementType: .uint8, expected: 1, found: 2)
    ),
  ]

  @Test(arguments: damaged.indices)
  func everythingElseIsRejectedWithAPosition(index: Int) {
    let (bytes, problem) = Self.damaged[index]
    #expect(throws: NumPyError(path: "a.npy", problem: problem)) { try NumPyArray(file: bytes, path: "a.npy") }
    let message = NumPyError(path: "a.npy", problem: problem).description
    #expect(message.hasPrefix("a.npy: not an acceptable .npy file: ") && message.contains("; "))
    #expect(!message.contains("\n"))
  }

  @Test func writtenBytesNeverChange() {
    let array = NumPyArray(shape: [2], floats: [1, -2])
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
    let expected =
      [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8)
      + [UInt8](repeating: 0x20, count: 117 - header.utf8.count) + [0x0A, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
    #expect(array.serialized() == expected)
    #expect(NumPyArray(shape: [], bytes: [3]).serialized().count == 129)
  }

  @Test func changedBytesCauseOnlyTheReadersErrors() throws {
    let good = NumPyArray(shape: [2, 2], integers: [1, 2, 3, 4]).serialized()
    for index in good.indices {
      for value: UInt8 in [0, 0x28, 0x39, 0xFF] {
        var bytes = good
        bytes[index] = value
        do throws(NumPyError) {
          let array = try NumPyArray(file: bytes, path: "a.npy")
          #expect(array.count == array.shape.reduce(1, *))
        } catch {
          #expect(error.path == "a.npy")
        }
      }
    }
    for count in good.indices {
      #expect(throws: NumPyError.self) { try NumPyArray(file: Array(good[..<count]), path: "a.npy") }
    }
  }
}
