import Foundation
import TestSupport
package import Testing

extension TinyRun {
  /// Reproduces a run.
  package func reproduce(
    _ name: String, _ flags: [String] = [], environment: [String: String] = [:]
  ) throws -> Tool.Outcome {
    var tool = tool
    tool.environment.merge(environment) { $1 }
    return try tool.run(["reproduce", name, "--quiet", "--json"] + flags)
  }

  /// Requires that a run is reproduced, and returns the command's output.
  @discardableResult
  package func expectSame(
    _ name: String, _ flags: [String] = [], compared: String = "weights",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    let outcome = try reproduce(name, flags)
    #expect(outcome.status == 0 && outcome.error == "", "\(outcome.error)", sourceLocation: sourceLocation)
    let json = try outcome.json()
    #expect(json["same"] as? Bool == true, "\(outcome.output)", sourceLocation: sourceLocation)
    #expect(json["compared"] as? String == compared, "\(outcome.output)", sourceLocation: sourceLocation)
    return json
  }

  /// All files of a folder with their content and the time of their last change.
  package func snapshot(_ name: String) throws -> [String: String] {
    let root = tool.folder(name)
    let names = try FileManager.default.subpathsOfDirectory(atPath: root)
    return try Dictionary(
      uniqueKeysWithValues: names.map { path in
        let attributes = try FileManager.default.attributesOfItem(atPath: root + "/" + path)
        let bytes = tool.folder.bytes(name + "/" + path) ?? Data()
        return (path, "\(attributes[.modificationDate] ?? "") \(bytes.count) \(bytes.hashValue)")
      })
  }

  /// Changes one bit in the middle of a file's numbers.
  package func flipBit(in name: String) throws {
    var bytes = try #require(tool.folder.bytes(name))
    bytes[bytes.count - 100] ^= 1
    try tool.folder.write(bytes, to: name)
  }
}
