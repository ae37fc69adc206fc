import Files
import Glibc
import TestSupport
import Testing

struct AppendFileTests {
  @Test func linesAreWrittenAtOnceAndInOrder() throws {
    let folder = try TemporaryFolder()
    let log = try AppendFile(path: folder("log.csv"))
    #expect(log.isEmpty)
    try log.append(line: "epoch,loss")
    #expect(!log.isEmpty)
    #expect(try folder.text("log.csv") == "epoch,loss\n")
    try log.append(line: "1,0.5", synchronizing: true)
    try log.close()
    try log.close()

    let again = try AppendFile(path: folder("log.csv"))
    #expect(!again.isEmpty)
    try again.append(line: "2,0.4")
    #expect(try folder.text("log.csv") == "epoch,loss\n1,0.5\n2,0.4\n")
  }

  @Test func anIncompleteLineIsEndedBeforeTheNext() throws {
    let folder = try TemporaryFolder()
    try folder.write("{\"step\":1}\n{\"ste", to: "events.jsonl")
    let log = try AppendFile(path: folder("events.jsonl"))
    try log.append(line: "{\"step\":2}")
    #expect(try folder.text("events.jsonl") == "{\"step\":1}\n{\"ste\n{\"step\":2}\n")
  }

  @Test func aLineThatDoesNotFitIsUndone() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let log = try AppendFile(path: folder("log"))
      try log.append(line: "first")
      try limitFileSize(to: 20)
      let error = try #require(throws: FileError.self) {
        try log.append(line: String(repeating: "x", count: 100))
      }
      #expect(error == FileError(path: folder("log"), operation: .write, cause: .system(code: EFBIG)))
      #expect(try folder.text("log") == "first\n")
      try log.append(line: "second")
      #expect(try folder.text("log") == "first\nsecond\n")
    }
  }

  @Test func devicesTakeLinesAndReportAFullOne() throws {
    let null = try AppendFile(path: "/dev/null")
    try null.append(line: "gone", synchronizing: true)
    try null.close()
    let full = try AppendFile(path: "/dev/full")
    #expect(throws: FileError(path: "/dev/full", operation: .write, cause: .system(code: ENOSPC))) {
      try full.append(line: "gone")
    }
  }

  @Test func aReplacedFileIsReportedOnSynchronizing() throws {
    let folder = try TemporaryFolder()
    let log = try AppendFile(path: folder("log"))
    try log.append(line: "first", synchronizing: true)
    let displaced = FileError(path: folder("log"), operation: .synchronize, cause: .displaced)
    #expect(unsafe rename(folder("log"), folder("moved")) == 0)
    try log.append(line: "second")
    #expect(throws: displaced) { try log.synchronize() }
    try folder.write("another", to: "log")
    #expect(throws: displaced) { try log.synchronize() }
    // Under its old name it is the same file again.
    #expect(unsafe rename(folder("moved"), folder("log")) == 0)
    try log.synchronize()
    #expect(try folder.text("log") == "first\nsecond\n")
  }

  @Test func theErrorNamesAFileThatCannotBeCreated() throws {
    let folder = try TemporaryFolder()
    let path = folder("absent/log")
    let error = #expect(throws: FileError.self) { _ = try AppendFile(path: path) }
    #expect(error == FileError(path: path, operation: .create, cause: .system(code: ENOENT)))
  }
}
