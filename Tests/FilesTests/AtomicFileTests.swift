import Files
import FoundationEssentials
import Glibc
import TestSupport
import Testing

struct AtomicFileTests {
  @Test(arguments: [0, 1, 4096, 3_000_001])
  func newFilesOfAnySizeAreWrittenWithoutLeftovers(count: Int) throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try AtomicFile.write(bytes, to: folder("file"))
    #expect(try folder.content("file") == bytes)
    #expect(try folder.names() == ["file"])
  }

  @Test func oldFilesAreReplacedEvenLongerOnes() throws {
    let folder = try TemporaryFolder()
    try folder.write("something long", to: "file")
    try AtomicFile.write(text: "größer", to: folder("file"))
    #expect(try folder.text("file") == "größer")
    #expect(try folder.names() == ["file"])
  }

  @Test func newFilesHaveTheUsualPermissions() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      umask(0o027)
      try AtomicFile.write([1], to: folder("file"))
      var status = stat()
      try #require(unsafe stat(folder("file"), &status) == 0)
      #expect(status.st_mode & 0o7777 == 0o640)
    }
  }

  @Test func theLongestNamesWork() throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "n", count: 255)
    try AtomicFile.write(text: "x", to: folder(name))
    #expect(try folder.names() == [name])
  }

  @Test func aPathWithoutAFolderIsInTheCurrentFolder() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      try #require(FileManager.default.changeCurrentDirectoryPath(folder.path))
      try AtomicFile.write(text: "here", to: "file")
      #expect(try folder.text("file") == "here")
    }
  }

  @Test func symbolicLinksAreFollowed() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder("inner"), withIntermediateDirectories: true)
    try folder.write("old", to: "inner/file")
    try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: "inner/file")
    try AtomicFile.write(text: "new", to: folder("link"))
    #expect(try folder.text("inner/file") == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder("link")) == "inner/file")
    #expect(try folder.names() == ["inner", "link"])
  }

  @Test func brokenLinksAreReplaced() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: "nowhere")
    try AtomicFile.write(text: "new", to: folder("link"))
    #expect(try folder.text("link") == "new")
    #expect(throws: (any Error).self) { try FileManager.default.destinationOfSymbolicLink(atPath: folder("link")) }
    #expect(try folder.names() == ["link"])
  }

  @Test func aFullDiskLeavesTheOldFileAndNoTemporaryOne() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      try folder.write("old", to: "file")
      try limitFileSize(to: 1000)
      let error = try #require(throws: FileError.self) {
        try AtomicFile.write([UInt8](repeating: 1, count: 5000), to: folder("file"))
      }
      #expect(error.path == folder("file"))
      #expect(error.operation == .write)
      #expect(error.cause == .system(code: EFBIG))
      #expect(error.category == .inputOutput)
      #expect(try folder.names() == ["file"])
      #expect(try folder.text("file") == "old")
    }
  }

  @Test func foldersDevicesAndMissingFoldersAreRejectedFirst() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder("inner"), withIntermediateDirectories: true)
    try folder.write("text", to: "file")
    let cases: [(path: String, cause: FileError.Cause)] = [
      (folder("absent/file"), .system(code: ENOENT)),
      (folder("file/below"), .system(code: ENOTDIR)),
      (folder("inner"), .system(code: EISDIR)),
      (folder(String(repeating: "n", count: 256)), .system(code: ENAMETOOLONG)),
      (folder("zero\0byte"), .system(code: EINVAL)),
      ("", .system(code: ENOENT)),
      ("/dev/null", .notAFile),
    ]
    for (path, cause) in cases {
      let error = #expect(throws: FileError.self) { try AtomicFile.write([1], to: path) }
      #expect(error == FileError(path: path, operation: .create, cause: cause))
      #expect(error?.category == .cannotCreate)
    }
    #expect(try folder.names() == ["file", "inner"])
    #expect(try folder.names("inner") == [])
  }
}

/// Makes writes beyond `byteCount` bytes of a file fail with `EFBIG`, after one that is truncated there, in the whole process.
func limitFileSize(to byteCount: UInt) throws {
  var limit = rlimit(rlim_cur: byteCount, rlim_max: byteCount)
  try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
  signal(SIGXFSZ, SIG_IGN)
}
