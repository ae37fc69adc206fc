import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// Run folders prepared by others, or left by a process before its run began.
struct StrangeRunFolderTests {
  private let run: TinyRun

  init() throws {
    run = try TinyRun()
    let outcome = try run.begin("run")
    try #require(outcome.status == 0, "\(outcome.error)")
  }

  @Test(arguments: [
    "metrics.csv", "events.jsonl", "run.json", "state/last.safetensors", "weights/last.safetensors",
    "weights/best.safetensors", "state", "weights", "tensorboard",
  ])
  func noLinkIsFollowedOutOfARunFolder(name: String) throws {
    // Another user's file, which the link leads to.
    let isFolder = !name.contains(".")
    let script =
      isFolder
      ? "mkdir -p other; cp -r run/\(name)/. other/ 2>/dev/null; rm -rf run/\(name); ln -s ../other run/\(name)"
      : "cp run/\(name) precious; rm run/\(name); ln -s $PWD/precious run/\(name)"
    try #require(try run.tool.shell(script).status == 0)
    let before = run.tool.folder.bytes(isFolder ? "other/last.safetensors" : "precious")
    let outcome = try run.resume("run", ["--epochs", "3"])
    #expect(outcome.status == 65, "\(outcome.error)")
    #expect(outcome.error.contains("run/\(name): a symbolic link leads out of the run folder"), "\(outcome.error)")
    #expect(run.tool.folder.bytes(isFolder ? "other/last.safetensors" : "precious") == before)
  }

  /// A broken link, through which a new file would be created elsewhere; and a link that stays inside, which is harmless.
  @Test func linksThatLeadNowhereAndLinksThatStay() throws {
    try #require(
      try run.tool.shell("rm run/weights/best.safetensors; ln -s /tmp/none-$$ run/weights/best.safetensors").status == 0
    )
    #expect(try run.resume("run", ["--epochs", "3"]).status == 65)
    try #require(
      try run.tool.shell("cd run/weights; mv last.safetensors real; ln -s real last.safetensors; rm best.safetensors")
        .status == 0)
    #expect(try run.resume("run", ["--epochs", "3"]).status == 0)
  }

  @Test(arguments: ["config.json", "run.json", "metrics.csv", "state/last.safetensors", "weights/last.safetensors"])
  func aPipeInARunFolderKeepsNobodyWaiting(name: String) throws {
    try #require(try run.tool.shell("rm run/\(name); mkfifo run/\(name)").status == 0)
    for verb in [
      "train --resume run", "evaluate run --data data", "plot curves run --output c.svg", "report run --data data",
      "verify run", "reproduce run --data data", "summary run",
    ] {
      let outcome = try run.tool.shell("timeout 20 '\(Tool.path)' \(verb)")
      #expect(outcome.status == 65 || outcome.status == 66, "\(verb): \(outcome.status) \(outcome.error)")
    }
  }

  @Test func picturesThatArePipesAreLeftOut() throws {
    try #require(try run.tool.shell("mkdir pictures; mkfifo pictures/a.png").status == 0)
    let outcome = try run.tool.shell("timeout 20 '\(Tool.path)' predict run pictures")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("this is a pipe or a device, not a file"), "\(outcome.output)")
  }

  @Test func permissionsStay() throws {
    let script = "chmod 600 run/*.json run/*.csv run/*.jsonl run/*/*; umask 022"
    try #require(try run.tool.shell(script).status == 0)
    try #require(try run.resume("run", ["--epochs", "3"]).status == 0)
    let modes = try run.tool.shell("stat -c '%a' run/*.json run/*.csv run/*.jsonl run/*/*.safetensors | sort -u")
    #expect(modes.output == "600\n", "\(modes.output)")
  }

  /// Killed before `config.json` is in place: the folder can be used again, and `--resume` says how.
  @Test func aRunThatHadNotBegunIsBegunAgain() throws {
    for hasRecord in [true, false] {
      let remove = "rm -rf early; mkdir early; touch early/.jacquard-abc.tmp"
      try #require(try run.tool.shell(hasRecord ? "\(remove); cp run/run.json early" : remove).status == 0)
      let refused = try run.resume("early")
      #expect(refused.status == 66)
      #expect(refused.error.contains("start it again with --out early") == hasRecord, "\(refused.error)")
      let outcome = try run.begin("early")
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(run.differences("run", "early") == [])
    }
  }
}
