public import Foundation

/// A new folder for one test, removed with its content when it is released.
public final class TemporaryFolder: Sendable {
  /// The path of the folder.
  public let path: String

  /// Makes the folder.
  ///
  /// - Parameter isInMemory: Whether to prefer memory to a disk, for tests that wait for the disk very often.
  public init(isInMemory: Bool = false) throws {
    let memory = "/dev/shm"
    let parent =
      isInMemory && FileManager.default.isWritableFile(atPath: memory)
      ? memory : FileManager.default.temporaryDirectory.path
    path = "\(parent)/jacquard-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The folder as a URL.
  public var url: URL { URL(fileURLWithPath: path, isDirectory: true) }

  /// The path of a name in the folder.
  public func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// Writes a file, creating the folders in its name, and returns its path.
  @discardableResult
  public func write(_ data: Data, to name: String) throws -> String {
    let file = URL(fileURLWithPath: self(name))
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
    return file.path
  }

  /// Writes a file in UTF-8, creating the folders in its name, and returns its path.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String { try write(Data(text.utf8), to: name) }

  /// Writes a file, creating the folders in its name, and returns its path.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> String { try write(Data(bytes), to: name) }

  /// The bytes of a file.
  public func content(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: self(name))))
  }

  /// The bytes of a file; nil if it is missing.
  public func bytes(_ name: String) -> Data? { try? Data(contentsOf: URL(fileURLWithPath: self(name))) }

  /// The text of a file.
  public func text(_ name: String) throws -> String { try String(contentsOfFile: self(name), encoding: .utf8) }

  /// The sorted names in the folder, or in one below it, including hidden files.
  public func names(_ inner: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self(inner)).sorted()
  }

  /// Whether the name exists.
  public func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self(name)) }

  /// Removes a file or folder, if it exists.
  public func remove(_ name: String) { try? FileManager.default.removeItem(atPath: self(name)) }
}
