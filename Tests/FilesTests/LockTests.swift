import Files
import Glibc
import TestSupport
import Testing

struct LockTests {
  @Test func aFileIsLockedOnce() throws {
    let folder = try TemporaryFolder()
    var first = try FileLock(folder("claim"))
    #expect(first != nil)
    #expect(try FileLock(folder("claim")) == nil)
    first = nil
    #expect(try FileLock(folder("claim")) != nil, "the lock ends with its owner")
    let error = #expect(throws: FileError.self) { try FileLock(folder("missing/claim")) }
    #expect(error == FileError(path: folder("missing/claim"), operation: .create, cause: .system(code: ENOENT)))
  }

  @Test func aFolderIsLockedOnce() throws {
    let folder = try TemporaryFolder()
    try Folder.create(folder("run"))
    var first: FolderLock? = try FolderLock(folder("run"))
    #expect(first?.isEffective == true)
    do throws(FolderLock.Failure) {
      _ = try FolderLock(folder("run"))
      Issue.record("locked twice")
    } catch {
      guard case .taken = error else { throw error }
    }
    #expect(first?.holds(folder("run")) == true)
    #expect(unsafe rename(folder("run"), folder("moved")) == 0)
    try Folder.create(folder("run"))
    #expect(first?.holds(folder("run")) == false, "another folder of the same name")
    #expect(first?.holds(folder("moved")) == true)
    first = nil
    _ = try FolderLock(folder("moved"))
  }

  /// A lock is seen by its file, or, where the system and programs number devices differently, by its process and its file.
  @Test func heldLocksAreSeenWithoutTakingThem() throws {
    let folder = try TemporaryFolder()
    try Folder.create(folder("run"))
    try Folder.create(folder("other"))
    #expect(!HeldLocks().isHeld(folder("run"), by: nil))
    var lock: FolderLock? = try FolderLock(folder("run"))
    #expect(lock?.isEffective == true)
    #expect(HeldLocks().isHeld(folder("run"), by: nil))
    #expect(!HeldLocks().isHeld(folder("other"), by: Int(getpid())))
    #expect(!HeldLocks().isHeld(folder("missing"), by: Int(getpid())))
    lock = nil
    #expect(!HeldLocks().isHeld(folder("run"), by: Int(getpid())))

    var status = stat()
    try #require(unsafe stat(folder("run"), &status) == 0)
    let line = "ff:fff:\(status.st_ino) 0 EOF\n"
    let elsewhere = HeldLocks(list: "1: POSIX  ADVISORY  WRITE 7 \(line)2: FLOCK  ADVISORY  WRITE 5 \(line)3: odd\n")
    #expect(elsewhere.isHeld(folder("run"), by: 5))
    #expect(!elsewhere.isHeld(folder("run"), by: 7), "another kind of lock")
    #expect(!elsewhere.isHeld(folder("run"), by: nil))
    let waiting = HeldLocks(list: "2: -> FLOCK  ADVISORY  WRITE 5 \(line)")
    #expect(!waiting.isHeld(folder("run"), by: 5))
  }

  @Test func whatIsNoFolderIsNotLocked() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    do throws(FolderLock.Failure) {
      _ = try FolderLock(folder("file"))
      Issue.record("a file was locked as a folder")
    } catch {
      guard case .system(SystemCode(rawValue: ENOTDIR)) = error else { throw error }
    }
  }
}
