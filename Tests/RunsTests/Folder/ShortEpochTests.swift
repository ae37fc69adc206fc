import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// Epochs so short that not each of them is saved: a run ends with the same files, wherever it stopped.
struct ShortEpochTests {
  private static let recipe = ["--save-every", "none", "--epochs", "30"]

  @Test func aRunThatSavesRarelyEndsWithTheSameFiles() throws {
    let runs = try TinyRun(isInMemory: true)
    try #require(try runs.begin("often", ["--epochs", "30"]).status == 0)
    let outcome = try runs.begin("rare", Self.recipe)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(runs.differences("often", "rare") == [])
    #expect(try runs.savedStep("rare") == 90)
    #expect(try runs.state("rare")["best"] as? NSDictionary == runs.state("often")["best"] as? NSDictionary)
    #expect(try runs.tool.run("verify", "rare", "--quiet").status == 0)
    // Killed at the second save, whichever epoch that is, and stopped between epochs.
    let faults = ["FAULT_FOLDER": "killed/weights/last", "FAULT_AT": "2", "FAULT_ACTION": "kill"]
    try #require(try runs.begin("killed", Self.recipe, faults: faults).status == 128 + SIGKILL)
    try #require(try runs.begin("paused", Self.recipe + ["--pause-after", "7"]).status == 0)
    #expect(try runs.savedStep("paused") == 21)
    for name in ["killed", "paused"] {
      let resumed = try runs.resume(name, ["--threads", "3"])
      #expect(resumed.status == 0, "\(resumed.error)")
      #expect(runs.differences("often", name) == [], "\(name)")
    }
  }

  /// The last epoch is saved, whatever ends the run.
  @Test(arguments: [["--early-stopping", "1"], ["--max-steps", "10"]])
  func theEndIsSaved(flags: [String]) throws {
    let runs = try TinyRun(isInMemory: true)
    try #require(try runs.begin("often", ["--epochs", "30"] + flags).status == 0)
    try #require(try runs.begin("rare", Self.recipe + flags).status == 0)
    #expect(runs.differences("often", "rare") == [])
    #expect(try runs.savedStep("rare") == runs.savedStep("often"))
  }
}
