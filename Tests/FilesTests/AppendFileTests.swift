import Files
import Glibc
import TestSupport
import Testing

@Suite struct AppendFileTests {
  @Test("Lines are there as soon as they are appended, and later ones come behind earlier ones")
  func lines() throws {
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

  @Test("A line that a crash cut off is ended before the next one")
  func tornLine() throws {
    let folder = try TemporaryFolder()
    try folder.write("{\"step\":1}\n{\"ste", to: "events.jsonl")
    let log = try AppendFile(path: folder("events.jsonl"))
    try log.append(line: "{\"step\":2}")
    #expect(try folder.text("events.jsonl") == "{\"step\":1}\n{\"ste\n{\"step\":2}\n")
  }

  @Test("A line that does not fit on the disk is taken back whole, and a shorter one still goes in")
  func fullDisk() async {
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

  @Test("What has no size, such as a device, takes lines too; one that is full says so")
  func devices() throws {
    let null = try AppendFile(path: "/dev/null")
    try null.append(line: "gone", synchronizing: true)
    try null.close()
    let full = try AppendFile(path: "/dev/full")
    #expect(throws: FileError(path: "/dev/full", operation: .write, cause: .system(code: ENOSPC))) {
      try full.append(line: "gone")
    }
  }

  @Test("A file that is not at its path any more is noticed before lines count as being on the disk")
  func displaced() throws {
    let folder = try TemporaryFolder()
    let log = try AppendFile(path: folder("log"))
    try log.append(line: "first", synchronizing: true)
    let displaced = FileError(path: folder("log"), operation: .synchronize, cause: .displaced)
    #expect(unsafe rename(folder("log"), folder("moved")) == 0)
    try log.append(line: "second")
    #expect(throws: displaced) { try log.synchronize() }
    try folder.write("another", to: "log")
    #expect(throws: displaced) { try log.synchronize() }
    // Under its old name it is itself again.
    #expect(unsafe rename(folder("moved"), folder("log")) == 0)
    try log.synchronize()
    #expect(try folder.text("log") == "first\nsecond\n")
  }

  @Test("A file that cannot be created is an error that names it")
  func cannotCreate() throws {
    let folder = try TemporaryFolder()
    let path = folder("absent/log")
    let error = #expect(throws: FileError.self) { _ = try AppendFile(path: path) }
    #expect(error == FileError(path: path, operation: .create, cause: .system(code: ENOENT)))
  }
}
