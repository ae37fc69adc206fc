import Foundation
import TestSupport
import Testing

/// The Swift code in README is the example, word for word, and the example runs.
struct SnippetTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test(arguments: ["README.md", "Sources/Jacquard/Jacquard.docc/Jacquard.md"])
  func pagesShowTheExample(page: String) throws {
    let example = try Self.text("Examples/swift/Sources/Fashion/main.swift")
    #expect(example.hasPrefix("import Jacquard\n"))
    #expect(try Self.text(page).contains("```swift\n\(example)```\n"))
  }

  /// The data is in the folder of that name in the working directory.
  @Test func theExampleTrainsSavesAndAnswers() throws {
    let folder = try TemporaryFolder()
    try SmallData.write(in: folder, folder: "fashion-mnist", training: 600, test: 20)
    let program = try FinishedProgram(FinishedProgram.built("SwiftExample"), [], in: folder.path)
    #expect(program.status == 0 && program.error == "")
    let lines = program.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.count == 4)
    for (number, line) in lines.prefix(3).enumerated() {
      #expect(line.count == 3 && line[0] == "\(number + 1)")
      let accuracy = try #require(Double(line[2]))
      #expect(try #require(Double(line[1])) > 0 && (0...1).contains(accuracy))
    }
    // The loss falls, because the squares are easy to learn.
    #expect(try #require(Double(lines[2][1])) < #require(Double(lines[0][1])))
    let probability = try #require(lines[3].last.flatMap(Double.init))
    #expect((0.1...1).contains(probability))
    #expect(folder.holds("small.safetensors"))
  }
}
