/// Why a file could not be read or written.
public struct FileError: Error, Equatable, Sendable {
  /// The operation that failed.
  public enum Operation: String, Sendable {
    /// Opening an existing file.
    case open
    /// Reading its content.
    case read
    /// Creating the file, or opening it for writing.
    case create
    /// Making a folder.
    case createFolder
    /// Writing its content.
    case write
    /// Waiting until its content is on the disk.
    case synchronize
    /// Closing it, when the system reports a write that failed late.
    case close
    /// Putting the finished file in the place of the old one.
    case replace
  }

  /// What went wrong.
  public enum Cause: Equatable, Sendable {
    /// The system refused, with this `errno`.
    case system(code: Int32)
    /// The file has more bytes than the reader accepts.
    case tooLarge(maximumByteCount: Int)
    /// The file has fewer bytes than were written to it before.
    case tooShort(minimumByteCount: Int, byteCount: Int)
    /// The path leads to something that is neither a file nor a folder, such as a device or a pipe, and cannot be
    /// replaced.
    case notAFile
    /// The file was removed, renamed or replaced while it was being written.
    case displaced
    /// The folder contains a name, of these bytes, that is not UTF-8.
    case nameNotUTF8([UInt8])
    /// A symbolic link leads out of the folder of the file.
    case link
  }

  /// The kind of failure, from which a caller derives an exit code.
  public enum Category: Sendable {
    /// The input does not exist or cannot be opened: exit code 66.
    case noSuchInput
    /// The input exists but is invalid: exit code 65.
    case badInput
    /// The output cannot be created: exit code 73.
    case cannotCreate
    /// Reading or writing failed: exit code 74.
    case inputOutput
  }

  /// The file, as the caller named it.
  public let path: String
  /// The operation that failed.
  public let operation: Operation
  /// What went wrong.
  public let cause: Cause

  /// Describes a failure of `operation` on the file at `path`.
  public init(path: String, operation: Operation, cause: Cause) {
    self.path = path
    self.operation = operation
    self.cause = cause
  }

  /// Runs a system call; its error names the file and the operation.
  static func naming<Value>(
    _ path: String, _ operation: Operation, _ call: () throws(SystemCode) -> Value
  ) throws(FileError) -> Value {
    do throws(SystemCode) {
      return try call()
    } catch {
      throw FileError(path: path, operation: operation, cause: .system(code: error.rawValue))
    }
  }
}
