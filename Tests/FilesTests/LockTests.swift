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
