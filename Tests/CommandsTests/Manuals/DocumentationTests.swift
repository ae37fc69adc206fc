import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// README and the pages of `docs`: their commands work, and their links lead to existing pages.
struct DocumentationTests {
  /// Fashion-MNIST's first images, so that whole pages are run in seconds.
  private static func writeData(into tool: Tool) throws -> String {
    let counts = [("train", 1000), ("t10k", 300)]
    for (name, count) in counts {
      let size = String(format: "%08x", count).map { String($0) }
      let bytes = stride(from: 0, to: 8, by: 2).map { "\\x" + size[$0] + size[$0 + 1] }.joined()
      for (kind, header, item) in [("images-idx3", 16, 784), ("labels-idx1", 8, 1)] {
        let source = "/usr/share/datasets/fashion-mnist/\(name)-\(kind)-ubyte.gz"
        let file = "data/\(name)-\(kind)-ubyte.gz"
        // The first bytes, with another count and as many items.
        let outcome = try tool.shell(
          "mkdir -p data && { zcat \(source) | head -c 4; printf '\(bytes)'; "
            + "zcat \(source) | tail -c +9 | head -c \(header - 8 + count * item); } | gzip > \(file)")
        try #require(outcome.status == 0, "\(outcome.error)")
      }
    }
    return tool.folder.path + "/data"
  }

  /// The clone's examples, and a small network in place of the pretrained one that a page exports with PyTorch.
  private static func writeExamples(into tool: Tool) throws {
    let folder = tool.folder.path
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/Examples", withDestinationPath: DocumentationPage.root.appendingPathComponent("Examples").path)
    for script in [
      "jacquard train --data Examples/photographs/pictures --image-size 32 --model cnn --max-steps 1 --out body",
      "jacquard export body --output body.onnx --include-preprocessing && rm -r body",
    ] {
      let outcome = try tool.shell(script)
      try #require(outcome.status == 0, "\(outcome.error)")
    }
  }

  @Test func everyCommandOfThePagesEndsAsTheySay() throws {
    var tool = try Tool()
    tool.environment["JACQUARD_DATA"] = try Self.writeData(into: tool)
    try Self.writeExamples(into: tool)
    var count = 0
    for page in try DocumentationPage.all() where page.path != "README.md" {
      for command in page.commands {
        let outcome = try tool.shell(command.script)
        #expect(command.exitCodes.contains(outcome.status), "\(page.path): \(command.script)\n\(outcome.error)")
        count += 1
      }
    }
    #expect(count > 60)
  }

  @Test func everyCommandOfReadmeEndsAsItSays() throws {
    var tool = try Tool()
    tool.environment["JACQUARD_DATA"] = try Self.writeData(into: tool)
    let commands = try DocumentationPage("README.md").commands
    for command in commands {
      let outcome = try tool.shell(command.script)
      #expect(command.exitCodes.contains(outcome.status), "\(command.script)\n\(outcome.error)")
    }
    #expect(commands.count > 12)
  }

  @Test func everyCommandInABlockIsRun() throws {
    for page in try DocumentationPage.all() {
      let run = page.commands.map(\.script).joined(separator: "\n")
      let shown = page.text.matches(of: /(?m)^(    )?(jacquard [a-z].*)$/).map { String($0.2) }
      for line in shown { #expect(run.contains(line), "\(page.path): \(line) is in no block marked sh") }
    }
  }

  @Test func everyLinkLeadsSomewhere() throws {
    var count = 0
    for page in try DocumentationPage.all() {
      for link in page.links where !link.hasPrefix("http") {
        let path = DocumentationPage.root.appendingPathComponent(link).path
        #expect(FileManager.default.fileExists(atPath: path), "\(page.path) links to \(link)")
        count += 1
      }
    }
    #expect(count > 20)
  }

  @Test func everyVerbHasAPageThatIsListed() throws {
    let help = try Tool().run("--help").output
    let verbs = help.components(separatedBy: "SUBCOMMANDS:\n").last?.matches(of: #/(?m)^  ([a-z][a-z-]*) /#) ?? []
    #expect(verbs.count > 10)
    let list = try DocumentationPage("docs/README.md")
    for verb in verbs.map({ String($0.1) }) {
      #expect(list.links.contains("docs/howto/\(verb).md"), "\(verb) has no page in docs/README.md")
    }
    for page in try DocumentationPage.all() where page.path.hasPrefix("docs/") && page.path != "docs/README.md" {
      #expect(list.links.contains(page.path), "docs/README.md does not list \(page.path)")
    }
  }

  @Test func everyMakeTargetThatIsNamedExists() throws {
    let makefile = try DocumentationPage("Makefile").text
    let targets = Set(makefile.matches(of: /(?m)^([a-z-]+):/).map { String($0.1) })
    for page in try DocumentationPage.all() + [try DocumentationPage("CONTRIBUTING.md")] {
      for match in page.text.matches(of: /(?m)(?:`|^    |^)make ([a-z-]+)/) {
        #expect(targets.contains(String(match.1)), "\(page.path) names make \(match.1)")
      }
    }
  }
}
