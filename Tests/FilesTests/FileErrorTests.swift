import Files
import Glibc
import Testing

struct FileErrorTests {
  @Test(arguments: [
    (
      FileError(path: "a/b", operation: .open, cause: .system(code: ENOENT)),
      "a/b: cannot read the file: No such file or directory; check the path"
    ),
    (
      FileError(path: "a/b", operation: .create, cause: .system(code: ENOENT)),
      "a/b: cannot create the file: No such file or directory; create its folder first"
    ),
    (
      FileError(path: "a/b", operation: .write, cause: .system(code: ENOSPC)),
      "a/b: cannot write the file: No space left on device; free some space on the disk"
    ),
    (
      FileError(path: "a/b", operation: .synchronize, cause: .system(code: EIO)),
      "a/b: cannot flush the file to the disk: Input/output error; check the disk"
    ),
    (
      FileError(path: "a/b", operation: .replace, cause: .system(code: EBUSY)),
      "a/b: cannot put the new file in place: Device or resource busy"
    ),
    (
      FileError(path: "a/b", operation: .read, cause: .tooLarge(maximumByteCount: 10)),
      "a/b: cannot read the file: it is longer than the limit of 10 bytes; "
        + "check that it is the file you mean"
    ),
    (
      FileError(path: "a/b", operation: .create, cause: .notAFile),
      "a/b: cannot create the file: it is a device or a pipe; name a regular file"
    ),
    (
      FileError(path: "", operation: .open, cause: .system(code: ENOENT)),
      "(empty path): cannot read the file: No such file or directory; check the path"
    ),
  ])
  func messagesHaveWhatWhereWhyAndAdvice(error: FileError, text: String) {
    #expect(error.description == text)
  }

  @Test(arguments: [
    (FileError.Operation.open, FileError.Category.noSuchInput), (.read, .inputOutput), (.create, .cannotCreate),
    (.replace, .cannotCreate), (.write, .inputOutput), (.synchronize, .inputOutput), (.close, .inputOutput),
  ])
  func theCategoryFollowsFromTheOperation(operation: FileError.Operation, category: FileError.Category) {
    #expect(FileError(path: "x", operation: operation, cause: .system(code: EIO)).category == category)
  }
}
