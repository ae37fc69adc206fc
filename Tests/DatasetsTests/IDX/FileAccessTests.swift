import Datasets
import Glibc
import TestSupport
import Testing

struct FileAccessTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func refusal(of path: String) throws -> DatasetError {
    try #require(throws: DatasetError.self) { try IDXArray(contentsOf: path) }
  }

  @Test func aMissingFileIsNoInput() throws {
    let path = folder.path + "/nothing"
    let error = try refusal(of: path)
    #expect(error.code == .notFound)
    #expect(error.category == .noInput)
    #expect(error.description == "\(path): no such file: expected a file of data, found nothing; check the path")
  }

  @Test func aFileInPlaceOfAFolderIsNoInput() throws {
    let path = try folder.write([1], to: "file") + "/inside"
    #expect(try refusal(of: path).code == .notFound)
  }

  @Test func aFolderIsNoInput() throws {
    let error = try refusal(of: folder.path)
    #expect(error.code == .isDirectory)
    #expect(error.category == .noInput)
    #expect(
      error.description == "\(folder.path): not a file: expected a file of data, found a folder; name a file inside it")
  }

  @Test func aDeviceIsNoInput() throws {
    let error = try refusal(of: "/dev/null")
    #expect(error.code == .notRegularFile)
    #expect(error.category == .noInput)
    #expect(
      error.description == "/dev/null: not a file: expected a file of data, found a device, pipe or socket; "
        + "write the data to a file first")
  }

  /// Opening a pipe without a writer would wait forever.
  @Test func aPipeIsRefusedWithoutWaiting() throws {
    #expect(try refusal(of: folder.makePipe("pipe")).code == .notRegularFile)
  }

  /// A link to itself cannot be opened by any user, not even by root, who ignores permissions.
  @Test func aFileThatCannotBeOpenedIsNoInput() throws {
    let path = try folder.makeLoop("loop")
    let error = try refusal(of: path)
    #expect(error.code == .cannotOpen(errorNumber: ELOOP))
    #expect(error.category == .noInput)
    #expect(
      error.description == "\(path): cannot be opened: expected a readable file, "
        + "found Too many levels of symbolic links; check the path and its permissions")
  }

  /// The first page of a process's own memory is never mapped: this regular file opens, but its first byte cannot be read.
  @Test func aFailingReadIsAnInputOutputError() throws {
    let error = try refusal(of: "/proc/self/mem")
    #expect(error.code == .cannotRead(errorNumber: EIO))
    #expect(error.category == .inputOutput)
    #expect(error.position == .file(0))
    #expect(
      error.description == "/proc/self/mem: byte 0: cannot be read: expected readable bytes, "
        + "found Input/output error; check the disk, then try again")
  }
}
