import Foundation
import TestSupport
import Testing

/// Checkpoints of a tiny model, each different from the others in one byte, and broken ones between them.
package struct ManyCheckpoints {
  package let runs: TinyRun
  package var tool: Tool { runs.tool }

  /// - Parameters:
  ///   - count: The checkpoints in the folder `many`.
  ///   - broken: Every n-th of them is truncated to half a file.
  package init(_ count: Int, broken: Int = .max) throws {
    runs = try TinyRun(isInMemory: true)
    let outcome = try runs.begin("run", ["--epochs", "1"])
    try #require(outcome.status == 0, "\(outcome.error)")
    let original = SafetensorsSurgery.withoutChecksum(
      try #require(tool.folder.bytes("run/weights/last.safetensors")))
    for number in 0..<count {
      var bytes = original
      // The lowest byte of a bias or a weight: another file, but almost the same model.
      bytes[bytes.count - 4 * (1 + number)] ^= 1
      if number % broken == broken - 1 { bytes = bytes.prefix(bytes.count / 2) }
      try tool.folder.write(bytes, to: "many/\(String(1000 + number)).safetensors")
    }
  }

  /// The rows of a table, by the names of its columns.
  package func rows(_ name: String) throws -> [[String: String]] {
    let lines = try tool.folder.text(name).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.last == "", "the last line is whole")
    let heads = try #require(lines.first).split(separator: ",").map(String.init)
    return try lines.dropFirst().dropLast().map { line in
      // No value of these tables contains a quote; the messages of broken checkpoints contain commas and are quoted.
      let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
      var cells: [String] = []
      for (index, part) in parts.enumerated() {
        if index % 2 == 1 {
          cells[cells.count - 1] += part
        } else {
          let fields = part.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
          if cells.isEmpty { cells = fields } else { cells += fields.dropFirst() }
        }
      }
      try #require(cells.count == heads.count, "\(line)")
      return Dictionary(uniqueKeysWithValues: zip(heads, cells))
    }
  }
}
