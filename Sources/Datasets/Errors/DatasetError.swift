/// Why a data set could not be read: the file, the position in it, what was expected and what was found.
///
/// Each reason has a `Code`, from which the one-line message is derived.
public struct DatasetError: Error, Hashable, Sendable {
  /// The file or folder that was rejected.
  public let path: String

  /// What is wrong with it.
  public let code: Code

  /// The position in the file, if it is known.
  public let position: Position?

  package init(path: String, code: Code, position: Position? = nil) {
    self.path = path
    self.code = code
    self.position = position
  }

  /// A position in a file, in bytes from the start.
  public enum Position: Hashable, Sendable {
    /// Counted in the file on the disk.
    case file(Int)
    /// Counted in the unpacked content of a gzip file.
    case unpacked(Int)
  }

  /// A part of a gzip member.
  public enum GzipSection: String, Hashable, Sendable {
    /// The ten fixed bytes and the optional fields after them.
    case header
    /// The compressed blocks.
    case body
    /// The checksum and the length, eight bytes.
    case trailer
  }

  /// The kind of failure, from which the command line derives its exit code.
  public enum Category: Hashable, Sendable {
    /// The input does not exist or may not be opened (exit code 66).
    case noInput
    /// The input exists but is wrong (exit code 65).
    case badData
    /// The system failed while reading (exit code 74).
    case inputOutput
  }
}
