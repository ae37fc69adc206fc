import Foundation

/// The package's own text: its sources, its manifest and its documentation.
enum SourceTree {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A file, by its path from the package's root.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The names in a folder, in order.
  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path).sorted()
  }

  /// The files below a folder whose name ends in one of `endings`, by their paths from the package's root.
  static func files(below folder: String, endings: [String] = [".swift"]) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent(folder).path)
      .filter { path in endings.contains { path.hasSuffix($0) } }
      .sorted().map { folder + "/" + $0 }
  }
}

/// A module that a file imports.
struct Import: Hashable {
  let file: String
  let module: String
  /// Whether the line begins with `internal import`, which keeps the module out of the target's interface.
  let isInternal: Bool

  private static let kinds: Set<Substring> = [
    "struct", "class", "enum", "protocol", "func", "typealias", "var", "let",
  ]

  private static let accessLevels: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]

  /// The imports of a Swift file, in order.
  static func all(in file: String) throws -> [Import] {
    all(of: try SourceTree.text(file), in: file)
  }

  static func all(of text: String, in file: String) -> [Import] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").drop { $0.hasPrefix("@") }
      // Imports are at the beginning of their line; an indented word is part of a text.
      guard !line.hasPrefix(" "), let place = words.prefix(2).firstIndex(of: "import"),
        words[..<place].allSatisfy({ accessLevels.contains($0) })
      else { return nil }
      guard let module = words[(place + 1)...].first(where: { !kinds.contains($0) }) else { return nil }
      return Import(
        file: file, module: String(module.prefix { $0 != "." }), isInternal: words.first == "internal")
    }
  }
}
