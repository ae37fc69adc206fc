import Foundation

/// A new folder that is removed when nobody holds it any more.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/jacquard-conformance-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a name in this folder.
  func callAsFunction(_ name: String) -> String { path + "/" + name }
}
