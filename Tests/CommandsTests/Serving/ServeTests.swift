import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `serve`, up to the start of the program that serves; `Tests/Server` asks that one.
struct ServeTests {
  private let runs: TinyRun
  private var tool: Tool { runs.tool }

  init() throws {
    runs = try TinyRun()
    try #require(try runs.begin("tiny").status == 0)
  }

  @Test func checkingReadsTheModels() throws {
    let outcome = try tool.run(
      "serve", "tiny", "other=tiny/weights/best.safetensors", "tiny/weights/last.safetensors", "--check", "--json")
    #expect(outcome.status == 0 && outcome.error == "")
    let models = try #require(try outcome.json()["models"] as? [[String: Any]])
    #expect(models.map { $0["name"] as? String } == ["tiny", "other", "last"])
    let versions = models.compactMap { $0["version"] as? String }
    #expect(versions.count == 3 && versions[0] == versions[2])
    let hash = try tool.shell("sha256sum tiny/weights/last.safetensors").output
    #expect(hash.hasPrefix(versions[0]) && versions[0].count == 12)
    let lines = try tool.run("serve", "tiny", "--check").output
    #expect(lines.contains("tiny   \(versions[0])  tiny     28×28×1       10"), "\(lines)")
  }

  @Test(arguments: [
    (["serve", "tiny", "tiny"], 64, "is called \"tiny\" too"), (["serve", "none"], 66, "there is no such checkpoint"),
    (["serve", "tiny", "--token-file", "none"], 66, "none"), (["serve", "a=none", "--check"], 66, "none"),
    (["serve", "tiny", "--token-file", "tiny.json"], 78, "expected one token of at least 16 letters"),
  ])
  func whatIsWrongIsSaidBeforeAnythingStarts(arguments: [String], status: Int32, message: String) throws {
    let outcome = try tool.run(arguments)
    #expect(outcome.status == status && outcome.output == "")
    #expect(outcome.errorLines.count == 1 && outcome.error.contains(message), "\(outcome.error)")
  }

  /// A copy of the command, alone in a folder.
  @Test func theServerIsFoundBesideTheCommandOrInPath() throws {
    try #require(try tool.shell("mkdir bin other; cp '\(Tool.path)' bin").status == 0)
    let command = tool.folder("bin/jacquard")
    let alone = try tool.run(executable: command, ["serve", "tiny"])
    #expect(alone.status == 66 && alone.output == "")
    #expect(alone.error.contains("jacquard-serve is neither beside this one nor in a folder of PATH"), "\(alone.error)")
    #expect(alone.error.contains("make server") && alone.errorLines.count == 1)
    let script = "#!/bin/sh\necho \"$0:\" \"$@\"; exit 7\n"
    var tool = tool
    for folder in ["other", "bin"] {
      try tool.folder.write(script, to: "\(folder)/jacquard-serve")
      try #require(try tool.shell("chmod +x \(folder)/jacquard-serve").status == 0)
      tool.environment["PATH"] = "\(tool.folder("other")):/usr/bin:/bin"
      let found = try tool.run(executable: command, ["serve", "a b=tiny", "--port", "9", "--quiet"])
      #expect(found.status == 64, "a name with a space")
      let started = try tool.run(executable: command, ["serve", "ab=tiny", "--port", "9", "--quiet"])
      #expect(started.status == 7)
      #expect(started.output == "\(tool.folder(folder))/jacquard-serve: ab=tiny --port 9 --quiet\n")
    }
  }
}
