import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// Sweeps that are killed and stopped, that several processes share, and that use successive halving.
struct SweepSharingTests {
  private let runs: TinyRun
  private var tool: Tool { runs.tool }

  init() throws {
    runs = try TinyRun(isInMemory: true)
  }

  private func write(_ content: String) throws {
    try tool.folder.write(
      #"{"base": {"model": "tiny.json", "epochs": 2, "batch_size": 20, "validation": 15, "save_every": 1}, "#
        + content + "}", to: "sweep.json")
  }

  private static let flags = ["--data", "data", "--quiet", "--json"]

  private func sweep(_ out: String, _ flags: [String] = []) throws -> Tool.Outcome {
    try tool.run(["sweep", "sweep.json", "--out", out] + Self.flags + flags)
  }

  private func weights(_ out: String, count: Int) throws -> [Data] {
    try (1...count).map { try #require(tool.folder.bytes("\(out)/run-\($0)/weights/last.safetensors")) }
  }

  /// The process of the second run dies in the middle of a write; the sweep continues without it, and later with it.
  @Test(arguments: [29, 37, 44])
  func aHalfRunIsResumedAndTheOthersAreKept(call: Int) throws {
    try write(#""grid": {"lr": [0.01, 0.02, 0.03]}"#)
    #expect(try sweep("whole").status == 0)
    var faulty = tool
    faulty.environment = [
      "LD_PRELOAD": TinyRun.faultLibrary, "FAULT_FOLDER": "s/run-2/", "FAULT_AT": "\(call)", "FAULT_ACTION": "kill",
    ]
    let outcome = try faulty.run(["sweep", "sweep.json", "--out", "s"] + Self.flags)
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("run-2: its process was killed by signal 9"), "\(outcome.error)")
    let events = try [1, 3].map { try runs.events("s/run-\($0)") }
    let again = try sweep("s")
    #expect(again.status == 0, "\(again.error)")
    #expect(try [1, 3].map { try runs.events("s/run-\($0)") } == events)
    #expect(try runs.events("s/run-2").contains("resume"))
    #expect(try weights("s", count: 3) == weights("whole", count: 3))
  }

  /// The second run never ends by itself. Its process notices that the sweep has died, saves and ends.
  @Test func aKilledSweepEndsItsRunsAndGoesOn() throws {
    try write(#""list": [{}, {"epochs": 100000}]"#)
    let command = "'\(Tool.path)' sweep sweep.json --out s \(Self.flags.joined(separator: " "))"
    let outcome = try tool.shell(
      """
      ulimit -t 100
      \(command) & process=$!
      await $process 'grep -qs \\"epoch\\" s/run-2/events.jsonl'
      kill -9 $process; wait $process; echo $?
      until grep -q '"status": "stopped"' s/run-2/run.json; do sleep 0.01; done
      \(command) > json & process=$!
      await $process 'grep -q \\"resume\\" s/run-2/events.jsonl'
      kill $process; wait $process; echo $?
      """)
    #expect(outcome.output == "137\n143\n", "\(outcome.error)")
    #expect(outcome.error.contains("jacquard: stopped; the same command continues the sweep in s\n"))
    #expect(try runs.events("s/run-1").filter { $0 == "start" || $0 == "resume" } == ["start"])
    #expect(try tool.json("s/run-2/run.json")["status"] as? String == "stopped")
    let result = try #require(try tool.json("json")["runs"] as? [[String: Any]])
    #expect(result.map { $0["status"] as? String } == ["finished", "partial"])
    #expect(try tool.json("json")["complete"] as? Bool == false)
  }

  @Test func processesThatShareAFolderTrainEveryRunOnce() throws {
    try write(#""grid": {"lr": [0.01, 0.02, 0.03], "seed": [1, 2, 3]}"#)
    let command = "'\(Tool.path)' sweep sweep.json --out s \(Self.flags.joined(separator: " "))"
    let outcome = try tool.shell(
      "ulimit -t 100; \(command) > a & first=$!; \(command) --jobs 2 > b & wait $first; echo $?; wait $!; echo $?")
    #expect(outcome.output == "0\n0\n", "\(outcome.error)")
    #expect(outcome.error == "")
    for number in 1...9 {
      let events = try runs.events("s/run-\(number)")
      #expect(events.first == "start" && events.last == "finish")
      #expect(!events.dropFirst().contains("start") && !events.contains("resume"), "run \(number)")
    }
    let last = try sweep("s")
    #expect(try last.json()["complete"] as? Bool == true)
    #expect(last.status == 0)
  }

  @Test func shardsDivideTheRuns() throws {
    try write(#""grid": {"seed": [1, 2, 3, 4, 5]}"#)
    let first = try sweep("s", ["--shard", "1/2"])
    #expect(first.status == 0)
    #expect(try first.json()["complete"] as? Bool == false)
    func begun() -> [Int] { (1...5).filter { tool.folder.holds("s/run-\($0)/config.json") } }
    #expect(begun() == [1, 3, 5])
    let second = try sweep("s", ["--shard", "2/2"])
    #expect(try second.json()["complete"] as? Bool == true)
    #expect(begun() == [1, 2, 3, 4, 5])
  }

  @Test func halvingTrainsTheBestOnly() throws {
    let grid = #""grid": {"lr": [1e-9, 0.02, 1e-8, 0.01], "epochs": [3]}"#
    try write(grid)
    #expect(try sweep("whole").status == 0)
    try write(grid + #", "halving": {"rungs": [1, 2], "factor": 2}"#)
    let outcome = try sweep("s", ["--jobs", "2"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json()["complete"] as? Bool == true)
    let rows = try #require(try outcome.json()["runs"] as? [[String: Any]])
    #expect(rows.map { $0["epochs"] as? Int } == [3, 2, 1, 1])
    #expect(rows.map { $0["status"] as? String } == ["finished", "dropped", "dropped", "dropped"])
    // The runs that continue are the best after the rung among uninterrupted runs; here they are the same.
    func accuracy(_ number: Int, after epoch: Int) throws -> Double {
      let line = try tool.folder.text("whole/run-\(number)/metrics.csv").split(separator: "\n")[epoch]
      return try #require(line.split(separator: ",").last.flatMap { Double($0) })
    }
    let after1 = try (1...4).sorted { (a, b) in
      let (one, two) = (try accuracy(a, after: 1), try accuracy(b, after: 1))
      return one > two || (one == two && a < b)
    }.prefix(2).sorted()
    let best = try #require(
      try after1.max { (a, b) in
        let (one, two) = (try accuracy(a, after: 2), try accuracy(b, after: 2))
        return one < two || (one == two && a > b)
      })
    #expect(rows[0]["run"] as? String == "s/run-\(best)")
    #expect(
      Set(rows.prefix(2).compactMap { $0["run"] as? String }) == Set(after1.map { "s/run-\($0)" }))
    #expect(try runs.events("s/run-\(best)").count { $0 == "resume" } == 2)
    for name in TinyRun.files {
      #expect(tool.folder.bytes("s/run-\(best)/\(name)") == tool.folder.bytes("whole/run-\(best)/\(name)"))
    }
    #expect(
      try tool.json("\(try #require(rows[3]["run"] as? String))/run.json")["ended_by"] as? String == "pause_after")
    let command = try #require(try outcome.json()["command"] as? String)
    #expect(try tool.shell(command).status == 0)
    #expect(
      tool.folder.bytes("winner/weights/last.safetensors")
        == tool.folder.bytes("s/run-\(best)/weights/last.safetensors"))
    let events = try (1...4).map { try runs.events("s/run-\($0)") }
    #expect(try sweep("s").output == outcome.output)
    #expect(try (1...4).map { try runs.events("s/run-\($0)") } == events, "there is nothing left to do")
  }

  @Test func processesThatShareRungsAgree() throws {
    try write(
      #""grid": {"lr": [1e-9, 0.02, 1e-8, 0.01], "epochs": [3]}, "halving": {"rungs": [1, 2], "factor": 2}"#)
    #expect(try sweep("alone").status == 0)
    let command = "'\(Tool.path)' sweep sweep.json --out s \(Self.flags.joined(separator: " "))"
    let outcome = try tool.shell(
      "ulimit -t 100; \(command) > a & first=$!; \(command) > b & wait $first; echo $?; wait $!; echo $?")
    #expect(outcome.output == "0\n0\n", "\(outcome.error)")
    let epochs = try sweep("s")
    func epochsOfRuns(_ outcome: Tool.Outcome) throws -> [String] {
      try #require(try outcome.json()["runs"] as? [[String: Any]]).map { row in
        "\(((row["run"] as? String) ?? "").suffix(5)) \(row["epochs"] as? Int ?? -1) \(row["status"] as? String ?? "")"
      }
    }
    #expect(try epochsOfRuns(epochs) == epochsOfRuns(try sweep("alone")))
  }

  @Test func aPauseKeepsTheSchedule() throws {
    _ = try runs.begin("whole", ["--epochs", "3"])
    let paused = try runs.begin("run", ["--epochs", "3", "--pause-after", "1"])
    #expect(paused.status == 0)
    #expect(try paused.json()["epochs"] as? Int == 1)
    #expect(try paused.json()["test"] is NSNull)
    #expect(try tool.json("run/run.json")["status"] as? String == "stopped")
    #expect(try tool.json("run/run.json")["ended_by"] as? String == "pause_after")
    // There already.
    #expect(try runs.resume("run", ["--pause-after", "1"]).json()["steps"] as? Int == 3)
    #expect(try runs.resume("run", ["--pause-after", "2"]).json()["steps"] as? Int == 6)
    let end = try runs.resume("run", ["--pause-after", "3"])
    #expect(try end.json()["steps"] as? Int == 9)
    #expect(try end.json()["test"] is [String: Any])
    #expect(try tool.json("run/run.json")["ended_by"] as? String == "epochs")
    #expect(runs.differences("whole", "run") == [])
    #expect(try tool.run("train", "--pause-after", "0").status == 64)
  }
}
