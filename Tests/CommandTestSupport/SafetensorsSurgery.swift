package import Foundation
import Testing

/// Changes weights files with another program's JSON.
package enum SafetensorsSurgery {
  /// The file at `path` without its metadata.
  package static func withoutMetadata(_ path: String) throws -> Data {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let count = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let json = try JSONSerialization.jsonObject(with: bytes[8..<8 + count])
    var header = try #require(json as? [String: Any])
    try #require(header.removeValue(forKey: "__metadata__") != nil)
    let text = try JSONSerialization.data(withJSONObject: header)
    var file = Data((0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) })
    file.append(text)
    file.append(bytes[(8 + count)...])
    return file
  }

  /// The file with another text in its header, of any length.
  package static func replacing(_ old: String, with new: String, in bytes: Data) throws -> Data {
    let count = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    var header = Data(bytes[8..<8 + count])
    let range = try #require(header.range(of: Data(old.utf8)), "\(old)")
    header.replaceSubrange(range, with: Data(new.utf8))
    let length = Data((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) })
    return withoutChecksum(length + header + bytes[(8 + count)...])
  }

  /// The file without its checksum, as if changed on purpose; nothing moves.
  package static func withoutChecksum(_ bytes: Data) -> Data {
    var bytes = bytes
    if let key = bytes.range(of: Data("jacquard.checksum".utf8)) {
      bytes.replaceSubrange(key, with: Data("_acquard.checksum".utf8))
    }
    return bytes
  }

  /// The metadata of a file.
  package static func metadata(_ bytes: Data) throws -> [String: String] {
    let count = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let header = try JSONSerialization.jsonObject(with: bytes[8..<8 + count]) as? [String: Any]
    return try #require(header?["__metadata__"] as? [String: String])
  }
}
