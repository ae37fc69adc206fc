/// The parts of a path. The system splits it at each slash byte, even if a combining mark follows.
package enum PathText {
  private static let slash = UInt8(ascii: "/")

  /// The last part: the name of the file or folder; empty for a path that consists of slashes.
  package static func name(_ path: String) -> String {
    path.parts(separatedBy: "/").last { !$0.isEmpty } ?? ""
  }

  /// The part before the last slash; nil without a slash, and empty if the slash is the first byte.
  package static func folder(_ path: String) -> String? {
    path.utf8.lastIndex(of: slash).map { String(path[..<$0]) }
  }

  /// The path of a name inside a folder.
  package static func joined(_ folder: String, _ name: String) -> String {
    folder.utf8.last == slash ? folder + name : folder + "/" + name
  }

  /// The path without trailing slashes, unless it consists of slashes.
  package static func trimmed(_ path: String) -> String {
    var end = path.utf8.endIndex
    while end > path.utf8.startIndex {
      let last = path.utf8.index(before: end)
      guard path.utf8[last] == slash, last > path.utf8.startIndex else { break }
      end = last
    }
    return String(path[..<end])
  }

  /// Whether the path has more than one part or is absolute.
  package static func hasFolder(_ path: String) -> Bool { path.utf8.contains(slash) }

  /// Whether the path is absolute.
  package static func isAbsolute(_ path: String) -> Bool { path.utf8.first == slash }
}
