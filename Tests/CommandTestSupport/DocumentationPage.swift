package import Foundation
import TestSupport

/// A page of the documentation, as Markdown.
package struct DocumentationPage {
  /// Its path below the project's folder.
  package let path: String
  package let text: String

  /// The project's folder.
  package static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  package init(_ path: String) throws {
    self.path = path
    text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
  }

  /// A page that does not come from a file.
  package init(path: String, text: String) {
    self.path = path
    self.text = text
  }

  /// All pages: the overview first, then the tutorial, then the others by name.
  package static func all() throws -> [DocumentationPage] {
    let below = try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent("docs").path)
    let pages = below.filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }.sorted()
    let tutorial = "docs/tutorial.md"
    return try (["README.md", tutorial] + pages.filter { $0 != tutorial }).map(DocumentationPage.init)
  }

  /// A piece of shell script, and its expected exit codes.
  package struct Command {
    package let script: String
    package let exitCodes: Set<Int32>
  }

  /// The commands in the code blocks marked `sh`. A line that ends with `# exit code N` gives the exit code, one with `# exit code N if …` a possible
  /// one. Lines that belong together, such as a text that is written to a file, are one command.
  package var commands: [Command] {
    text.matches(of: /(?ms)^```sh\n(.*?)^```$/).flatMap { Self.commands(in: String($0.1)) }
  }

  private static func commands(in block: String) -> [Command] {
    var commands: [Command] = []
    var lines: [Substring] = []
    var terminator: Substring?
    for line in block.split(separator: "\n") {
      lines.append(line)
      if let end = terminator {
        if line == end { terminator = nil }
      } else if let start = line.firstMatch(of: /<<'(\w+)'/) {
        terminator = start.1
      }
      if terminator != nil || line.hasSuffix("\\") { continue }
      commands.append(Command(script: lines.joined(separator: "\n"), exitCodes: exitCodes(of: line)))
      lines = []
    }
    return commands
  }

  private static func exitCodes(of line: Substring) -> Set<Int32> {
    guard let match = line.firstMatch(of: /# exit code (\d+)( if .*)?$/), let code = Int32(match.1) else { return [0] }
    return match.2 == nil ? [code] : [0, code]
  }

  /// The pages and files of the project that this page links to, relative to the project's folder.
  package var links: [String] {
    let folder = path.split(separator: "/").dropLast().map(String.init)
    return text.matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/).map { match in
      var parts = folder
      for part in match.1.split(separator: "/") {
        if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
      }
      return parts.joined(separator: "/")
    }
  }
}
