import Files
import Glibc
import TestSupport
import Testing

struct RegularFileTests {
  private func bytes(_ file: RegularFile, at offset: Int, count: Int) throws -> [UInt8] {
    try [UInt8](capacity: count) { (output: inout OutputSpan<UInt8>) in try file.read(at: offset, into: &output) }
  }

  @Test func anyPlaceIsRead() throws {
    let folder = try TemporaryFolder()
    let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try folder.write(content, to: "file")
    let file = try RegularFile(path: folder("file"))
    #expect(file.path == folder("file"))
    #expect(file.byteCount == content.count)
    #expect(try bytes(file, at: 0, count: content.count) == content)
    #expect(try bytes(file, at: 99_990, count: 5) == Array(content[99_990..<99_995]))
    #expect(try bytes(file, at: 99_990, count: 20) == Array(content[99_990...]), "up to the end")
    #expect(try bytes(file, at: 200_000, count: 20) == [])
    #expect(try bytes(file, at: 0, count: 0) == [])
  }

  @Test func whatIsAlreadyThereStays() throws {
    let folder = try TemporaryFolder()
    try folder.write([3, 4, 5], to: "file")
    let file = try RegularFile(path: folder("file"))
    let all = try [UInt8](capacity: 5) { (output: inout OutputSpan<UInt8>) in
      output.append(1)
      output.append(2)
      try file.read(at: 1, into: &output)
    }
    #expect(all == [1, 2, 4, 5])
  }

  @Test func onlyFilesAreOpened() throws {
    let folder = try TemporaryFolder()
    #expect(unsafe mkfifo(folder("pipe"), 0o600) == 0)
    for (path, cause) in [
      (folder("missing"), FileError.Cause.system(code: ENOENT)), (folder.path, .system(code: EISDIR)),
      (folder("pipe"), .notAFile), ("/dev/null", .notAFile), (folder("a\0b"), .system(code: EINVAL)),
    ] {
      let error = #expect(throws: FileError.self) { try RegularFile(path: path) }
      #expect(error == FileError(path: path, operation: .open, cause: cause))
      #expect(error?.category == .noSuchInput)
    }
  }
}
