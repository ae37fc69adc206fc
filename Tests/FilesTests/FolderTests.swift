import Support
import Files
import Glibc
import TestSupport
import Testing

struct FolderTests {
  @Test func whatStandsAtAPath() throws {
    let folder = try TemporaryFolder()
    try folder.write("x", to: "file")
    #expect(unsafe symlink(folder("file"), folder("link")) == 0)
    #expect(unsafe symlink(folder("missing"), folder("broken")) == 0)
    #expect(unsafe mkfifo(folder("pipe"), 0o600) == 0)
    #expect(Folder.kind(folder.path) == .folder)
    #expect(Folder.kind(folder("file")) == .file)
    #expect(Folder.kind(folder("link")) == .file)
    #expect(Folder.kind(folder("pipe")) == .file)
    #expect(Folder.kind(folder("broken")) == .nothing)
    #expect(Folder.kind(folder("file") + "/below") == .nothing)
    #expect(Folder.kind(folder("file") + "\0rest") == .nothing, "not the file before the zero byte")
    #expect(Folder.isRegularFile(folder("link")))
    #expect(!Folder.isRegularFile(folder("pipe")))
    #expect(!Folder.isRegularFile(folder.path))
  }

  @Test func namesAreInOrder() throws {
    let folder = try TemporaryFolder()
    for name in ["b", "a", ".hidden", "c/inner"] { try folder.write("", to: name) }
    #expect(try Folder.names(folder.path) == [".hidden", "a", "b", "c"])
    let error = #expect(throws: FileError.self) { try Folder.names(folder("a")) }
    #expect(error == FileError(path: folder("a"), operation: .open, cause: .system(code: ENOTDIR)))
  }

  @Test func oneOfTwoMakesAFolder() throws {
    let folder = try TemporaryFolder()
    try Folder.create(folder("new"))
    #expect(throws: SystemCode(rawValue: EEXIST)) { try Folder.create(folder("new")) }
    #expect(throws: SystemCode(rawValue: ENOENT)) { try Folder.create(folder("a/b")) }
  }

  @Test func foldersAboveAreMade() throws {
    let folder = try TemporaryFolder()
    try Folder.createWithParents(folder("a/b/c"))
    try Folder.createWithParents(folder("a/b/c"))
    #expect(Folder.kind(folder("a/b/c")) == .folder)
    #expect(Folder.withParents("/a/b") == ["/a", "/a/b"])
    try folder.write("", to: "file")
    let error = #expect(throws: FileError.self) { try Folder.createWithParents(folder("file/a")) }
    #expect(error?.path == folder("file"))
    #expect(error?.category == .cannotCreate)
    #expect(error?.diagnostic.problem == "cannot create the folder: File exists")
  }

  @Test func aFileIsRemoved() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    Folder.removeFile(folder("file"))
    Folder.removeFile(folder("file"))
    #expect(Folder.kind(folder("file")) == .nothing)
  }

  @Test func aDiskHasRoom() throws {
    let folder = try TemporaryFolder()
    #expect(try #require(Folder.freeByteCount(folder.path)) > 0)
    #expect(Folder.freeByteCount(folder("missing")) == nil)
  }

  @Test func aStampChangesWithTheContent() throws {
    let folder = try TemporaryFolder()
    try folder.write("one", to: "file")
    let first = FileStamp(path: folder("file"))
    #expect(first != nil && FileStamp(path: folder("file")) == first)
    try folder.write("more", to: "file")
    #expect(FileStamp(path: folder("file")) != first)
    try AtomicFile.write(text: "one", to: folder("file"))
    #expect(FileStamp(path: folder("file")) != first, "the same content in another file")
    #expect(FileStamp(path: folder("missing")) == nil)
  }

  @Test func patternsFindPaths() throws {
    let folder = try TemporaryFolder()
    for name in ["run-2", "run-1", "other"] { try folder.write("", to: name) }
    #expect(Glob.paths(folder("run-?")) == [folder("run-1"), folder("run-2")])
    #expect(Glob.paths(folder("none*")) == [])
    #expect(Glob.isPattern("a[12]") && Glob.isPattern("*") && !Glob.isPattern("a-b.c"))
  }
}
