import CommandTestSupport
import Commands
import Foundation
import TestSupport
import Testing

/// Files that installation adds beside the command: completions for shells, and manual pages for man.
struct ShellTests {
  /// The command's own scripts, written where `make install` would put them.
  private static func installed() throws -> Tool {
    let tool = try Tool()
    let script = DocumentationPage.root.appendingPathComponent("scripts/install-extras").path
    let outcome = try tool.shell("'\(script)' '\(Tool.path)' share")
    try #require(outcome.status == 0, "\(outcome.error)")
    return tool
  }

  private static func isThere(_ program: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/\(program)")
  }

  private static let files = [
    "bash": "share/bash-completion/completions/jacquard", "zsh": "share/zsh/site-functions/_jacquard",
    "fish": "share/fish/vendor_completions.d/jacquard.fish",
  ]

  @Test(arguments: ["bash", "zsh", "fish"].filter(isThere))
  func completionsAreScriptsOfTheirShell(shell: String) throws {
    let tool = try Self.installed()
    let file = try #require(Self.files[shell])
    let outcome = try tool.shell("\(shell) -n \(file)")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error == "")
    let text = try tool.folder.text(file)
    for word in ["train", "lr-find", "batch-size", "onecycle", "winograd", "orthogonal", "rollback", "lenet"] {
      #expect(text.contains(word), "\(word)")
    }
    #expect(try tool.shell("\(shell) -n share/../nothing").status != 0)
  }

  /// The completions that bash offers after words, the last of which is incomplete.
  private func offers(_ tool: Tool, _ words: String...) throws -> Set<String> {
    let line = (["jacquard"] + words).joined(separator: " ")
    let file = try #require(Self.files["bash"])
    let outcome = try tool.shell(
      """
      shopt -s extglob; source \(file)
      COMP_WORDS=(jacquard \(words.map { "'\($0)'" }.joined(separator: " "))); COMP_CWORD=\(words.count)
      COMP_LINE='\(line)'; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9; COMP_KEY=9
      _jacquard jacquard '\(words.last ?? "")' '\(words.dropLast().last ?? "jacquard")'
      printf '%s\\n' "${COMPREPLY[@]}"
      """)
    return Set(outcome.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) })
  }

  @Test func bashOffersVerbsFlagsWordsAndFiles() throws {
    let tool = try Self.installed()
    #expect(try offers(tool, "tr").contains("train"))
    #expect(try offers(tool, "data", "s") == ["show"])
    #expect(try offers(tool, "train", "--sch").contains("--schedule"))
    #expect(try offers(tool, "train", "--schedule", "co") == ["constant", "cosine"])
    #expect(try offers(tool, "train", "--algorithm", "w") == ["winograd"])
    #expect(try offers(tool, "train", "--model", "l") == ["lenet"])
    try tool.folder.write("{}", to: "settings.json")
    #expect(try offers(tool, "train", "--config", "set").contains("settings.json"))
    #expect(!(try offers(tool, "tr")).contains("manual"))
  }

  @Test func everyVerbHasAManualPage() throws {
    let tool = try Self.installed()
    let pages = try tool.folder.names("share/man/man1")
    for page in ["jacquard", "jacquard-train", "jacquard-lr-find", "jacquard-data-info", "jacquard-plot-curves"] {
      #expect(pages.contains(page + ".1"), "\(pages)")
    }
    #expect(!pages.contains("jacquard-manual.1") && !pages.contains("jacquard-help.1"))
    let train = try tool.folder.text("share/man/man1/jacquard-train.1")
    for text in [
      "\\fB\\-\\-batch\\-size\\fR \\fIn\\fR", "\\fB\\-\\-shuffle\\fR, \\fB\\-\\-no\\-shuffle\\fR",
      ".SH \"EXIT STATUS\"", "JACQUARD_WEIGHT_DECAY",
    ] {
      #expect(train.contains(text), "\(text)")
    }
    for status in ExitStatus.allCases {
      #expect(train.contains("\\fB\(status.rawValue)\\fR\n\(Self.escaped(status.meaning))"))
    }
    let find = try tool.folder.text("share/man/man1/jacquard-lr-find.1")
    #expect(find.contains(".SH \"EXAMPLES\"\n"))
    #expect(find.contains("jacquard lr\\-find \\-\\-output rates.svg"))
    let json = try tool.run("manual", "share/man/man1", "--json").json()
    #expect(Set(json["pages"] as? [String] ?? []) == Set(pages))
    #expect(try tool.run("manual", "nowhere").status == 73)
  }

  private static func escaped(_ text: String) -> String { text.replacingOccurrences(of: "-", with: "\\-") }

  @Test(.enabled(if: isThere("man") && isThere("groff")))
  func manReadsThePagesWithoutAWarning() throws {
    let tool = try Self.installed()
    for page in try tool.folder.names("share/man/man1") {
      let outcome = try tool.shell("LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings --local-file share/man/man1/\(page)")
      #expect(outcome.status == 0 && outcome.error == "", "\(page): \(outcome.error)")
      #expect(outcome.output.contains("SYNOPSIS"), "\(page)")
      #expect(!outcome.output.contains("\\f"), "\(page)")
    }
  }

  @Test(.enabled(if: isThere("mandoc")))
  func mandocReadsThePagesWithoutAWarning() throws {
    let tool = try Self.installed()
    let outcome = try tool.shell("mandoc -T lint -W warning share/man/man1/*.1")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
    #expect(outcome.output == "")
  }
}
