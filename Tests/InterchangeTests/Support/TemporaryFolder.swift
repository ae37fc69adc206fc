import FoundationEssentials

/// A folder of its own for one test, removed with all that is in it when the test lets go of it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/interchange-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a name in this folder.
  func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// The names of all that is in the folder, or in a folder of it, hidden files included, in order.
  func names(_ inner: String = ".") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self(inner)).sorted()
  }

  /// The content of a file of this folder.
  func content(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: self(name)))) }

  /// The content of a file of this folder as text.
  func text(_ name: String) throws -> String { String(decoding: try content(name), as: UTF8.self) }

  /// Writes a file of this folder without the code under test.
  func put(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: URL(filePath: self(name))) }
}
