import Files
import Glibc
import TestSupport
import Testing

struct FileReaderTests {
  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 300_000])
  func filesUpToTheMaximumAreRead(count: Int) throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 13) }
    try AtomicFile.write(bytes, to: folder("file"))
    #expect(try FileReader.bytes(ofFileAt: folder("file"), maximumByteCount: count) == bytes)
    #expect(try FileReader.bytes(ofFileAt: folder("file"), maximumByteCount: Int.max - 1) == bytes)
    guard count > 0 else { return }
    let error = #expect(throws: FileError.self) {
      try FileReader.bytes(ofFileAt: folder("file"), maximumByteCount: count - 1)
    }
    #expect(error?.cause == .tooLarge(maximumByteCount: count - 1))
    #expect(error?.category == .badInput)
  }

  @Test func filesOfUnknownSizeAreReadUpToTheMaximum() throws {
    // The kernel generates this text on reading, and reports a size of 0 bytes.
    let status = try FileReader.bytes(ofFileAt: "/proc/self/status", maximumByteCount: 1 << 20)
    #expect(String(decoding: status, as: UTF8.self).hasPrefix("Name:\t"))
    for maximum in [0, 1, 65_536, 200_000] {
      #expect(throws: FileError(path: "/dev/zero", operation: .read, cause: .tooLarge(maximumByteCount: maximum))) {
        try FileReader.bytes(ofFileAt: "/dev/zero", maximumByteCount: maximum)
      }
    }
  }

  @Test func whatIsReadInPiecesEnds() {
    let error = #expect(throws: FileError.self) { try SHA256.hexadecimal(ofFileAt: "/dev/zero") }
    #expect(error?.cause == .tooLarge(maximumByteCount: 1 << 26) && error?.category == .badInput)
  }

  @Test func missingFilesAndFoldersAreNoInput() throws {
    let folder = try TemporaryFolder()
    let absent = #expect(throws: FileError.self) {
      try FileReader.bytes(ofFileAt: folder("absent"), maximumByteCount: 10)
    }
    #expect(absent == FileError(path: folder("absent"), operation: .open, cause: .system(code: ENOENT)))
    #expect(absent?.category == .noSuchInput)
    let directory = #expect(throws: FileError.self) {
      try FileReader.bytes(ofFileAt: folder.path, maximumByteCount: 1)
    }
    #expect(directory == FileError(path: folder.path, operation: .read, cause: .system(code: EISDIR)))
    #expect(directory?.category == .noSuchInput)
  }
}
