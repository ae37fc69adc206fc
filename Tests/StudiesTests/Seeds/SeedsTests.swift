import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `train --seeds`: several runs of one training.
struct SeedsTests {
  private static let recipe = [
    "train", "--model", "tiny.json", "--data", "data", "--epochs", "2", "--batch-size", "20", "--validation", "15",
    "--lr", "0.01", "--threads", "2", "--quiet",
  ]

  private func scores(_ json: [String: Any], _ part: String, _ figure: String) throws -> [Double] {
    let runs = try #require(json["runs"] as? [[String: Any]])
    return try runs.map { try #require(($0[part] as? [String: Any])?[figure] as? Double) }
  }

  private func expectSpread(_ json: [String: Any], _ part: String, count: Int) throws {
    let spread = try #require(json[part] as? [String: Any])
    #expect(spread["count"] as? Int == count)
    for figure in ["loss", "accuracy"] {
      let found = try #require(spread[figure] as? [String: Double])
      let values = try scores(json, part, figure)
      #expect(values.count == count)
      let mean = values.reduce(0, +) / Double(count)
      let deviation = (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(count - 1)).squareRoot()
      #expect(abs(try #require(found["mean"]) - mean) < 2e-6)
      #expect(abs(try #require(found["standard_deviation"]) - deviation) < 2e-6)
    }
  }

  @Test func everySeedIsAnOrdinaryRun() throws {
    let run = try TinyRun()
    let tool = run.tool
    let outcome = try tool.run(Self.recipe + ["--seeds", "3", "--seed", "5", "--out", "many", "--json"])
    #expect(outcome.status == 0 && outcome.error == "", "\(outcome.error)")
    let json = try outcome.json()
    #expect(json["run"] as? String == "many" && json["complete"] as? Bool == true)
    let runs = try #require(json["runs"] as? [[String: Any]])
    #expect(runs.map { $0["run"] as? String } == ["many/seed-5", "many/seed-6", "many/seed-7"])
    #expect(runs.map { $0["seed"] as? Int } == [5, 6, 7])
    #expect(runs.allSatisfy { $0["status"] as? String == "finished" && $0["error"] is NSNull })
    for part in ["validation", "test"] { try expectSpread(json, part, count: 3) }
    // A run alone with the same seed is the same, to the byte.
    let alone = try tool.run(Self.recipe + ["--seed", "6", "--out", "alone", "--json"])
    #expect(alone.status == 0, "\(alone.error)")
    #expect(run.differences("alone", "many/seed-6") == [])
    let test = try #require(try alone.json()["test"] as? [String: Double])
    #expect(runs[1]["test"] as? [String: Double] == test)
    #expect(Set(try scores(json, "validation", "loss")).count == 3)
    let file = try JSONSerialization.jsonObject(with: Data(try tool.folder.text("many/summary.json").utf8))
    #expect(file as? NSDictionary == json as NSDictionary)
    let evaluated = try tool.run("evaluate", "many/seed-7", "--data", "data", "--json").json()
    #expect(evaluated["accuracy"] as? Double == (runs[2]["test"] as? [String: Double])?["accuracy"])

    // Resuming a finished study trains nothing.
    let before = tool.folder.bytes("many/seed-7/run.json")
    let again = try tool.run("train", "--resume", "many", "--json")
    #expect(again.status == 0 && again.error == "", "\(again.error)")
    #expect(try again.json() as NSDictionary == json as NSDictionary)
    #expect(tool.folder.bytes("many/seed-7/run.json") == before)
    let text = try tool.run("train", "--resume", "many", "--seeds", "3").output
    #expect(
      text.contains(/test accuracy +\d+\.\d\d % ± \d+\.\d\d %, mean ± standard deviation of 3 seeds\n/), "\(text)")
    #expect(text.contains(/summary +many\/summary.json\n/))
  }

  @Test func aStoppedStudyContinuesWithTheSameBytes() throws {
    let run = try TinyRun()
    let tool = run.tool
    let expected = try tool.run(Self.recipe + ["--seeds", "3", "--out", "whole", "--json"])
    #expect(expected.status == 0, "\(expected.error)")
    // Stopped as soon as the second run has begun.
    let stopped = try tool.shell(
      "'\(Tool.path)' \((Self.recipe + ["--seeds", "3", "--out", "cut"]).joined(separator: " ")) & pid=$!; "
        + "await $pid '[ -e cut/seed-2/config.json ]'; kill -TERM $pid; wait $pid")
    #expect(stopped.status == 143, "\(stopped.error)")
    #expect(stopped.error.contains("jacquard: stopped; resume with: jacquard train --resume cut\n"), "\(stopped.error)")
    let resumed = try tool.run(["train", "--resume", "cut", "--json"])
    #expect(resumed.status == 0, "\(resumed.error)")
    for seed in 1...3 { #expect(run.differences("whole/seed-\(seed)", "cut/seed-\(seed)") == [], "\(seed)") }
    let (one, other) = (try expected.json(), try resumed.json())
    for part in ["validation", "test"] { #expect(one[part] as? NSDictionary == other[part] as? NSDictionary) }
  }

  @Test func aStudyKeepsItsSettings() throws {
    let tool = try TinyRun().tool
    let begun = try tool.run(Self.recipe + ["--seeds", "2", "--max-steps", "1", "--out", "two"])
    #expect(begun.status == 0, "\(begun.error)")
    for (flags, reason) in [
      (
        ["--lr", "0.02"], "two: \"lr\" was 0.01 when these runs began, and is now 0.02; restore it, or start new runs."
      ),
      (["--seeds", "3"], "two: there are 2 seeds in this folder, not 3; restore the number, or start new runs."),
    ] {
      let outcome = try tool.run(["train", "--resume", "two"] + flags)
      #expect(outcome.status == 78 && outcome.output == "")
      #expect(outcome.error == "jacquard: error: \(reason)\n", "\(outcome.error)")
    }
    let taken = try tool.run(Self.recipe + ["--seeds", "2", "--out", "two"])
    #expect(taken.status == 73 && taken.output == "")
    #expect(
      taken.error
        == "jacquard: error: --out two: the folder contains runs of --seeds; resume them with --resume two, or name a new folder.\n"
    )
    let single = try tool.run("train", "--resume", "two/seed-1", "--seeds", "2")
    #expect(single.status == 64 && single.error.contains("this folder contains no runs of --seeds"), "\(single.error)")
  }

  @Test func aFailedSeedIsNamed() throws {
    let tool = try TinyRun().tool
    let outcome = try tool.run(
      Self.recipe + ["--seeds", "2", "--init-from", "none.safetensors", "--out", "two", "--json"])
    #expect(outcome.status == 1, "\(outcome.error)")
    #expect(outcome.error.contains("2 of 2 runs failed, the first is seed-1: "), "\(outcome.error)")
    let json = try outcome.json()
    #expect(json["complete"] as? Bool == true && json["test"] is NSNull)
    let runs = try #require(json["runs"] as? [[String: Any]])
    #expect(runs.allSatisfy { $0["status"] as? String == "failed" && $0["error"] is String })
  }

  @Test(arguments: [
    ["--seeds", "1"], ["--seeds", "0"], ["--seeds", "many"], ["--seeds", "2", "--pause-after", "1"],
  ])
  func wrongNumbersAreRefused(flags: [String]) throws {
    let tool = try Tool()
    let outcome = try tool.run(["train", "--out", "run"] + flags)
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(outcome.error.contains("--seeds"), "\(outcome.error)")
    #expect(!tool.folder.holds("run"))
  }
}
