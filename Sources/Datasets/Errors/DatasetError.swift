/// Why a data set could not be read: which file, where in it, what was expected and what was found.
///
/// Each refusal has its own `Code`; the one-line message is derived from it.
public struct DatasetError: Error, Hashable, Sendable {
  /// The file, or the folder, that was refused.
  public let path: String

  /// What is wrong with it.
  public let code: Code

  /// Where in the file, when the trouble has a place.
  public let position: Position?

  package init(path: String, code: Code, position: Position? = nil) {
    self.path = path
    self.code = code
    self.position = position
  }

  /// A place in a file, in bytes from the start.
  public enum Position: Hashable, Sendable {
    /// Counted in the file as it lies on disk.
    case file(Int)
    /// Counted in what a gzip file unpacks to.
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

  /// The kind of trouble, as a command line's exit code knows it.
  public enum Category: Hashable, Sendable {
    /// The input does not exist or may not be opened (exit code 66).
    case noInput
    /// The input is there, and it is not what it should be (exit code 65).
    case badData
    /// The system failed while reading (exit code 74).
    case inputOutput
  }
}
