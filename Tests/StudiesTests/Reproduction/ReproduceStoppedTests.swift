import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `reproduce` of runs that were interrupted between the first and the last step, and interruptions of `reproduce` itself.
struct ReproduceStoppedTests {
  private let runs: TinyRun

  init() throws {
    runs = try TinyRun(isInMemory: true)
  }

  /// Weights are saved before the first step, after each of three steps and after the epoch: four and five are those of step 3.
  private func arriving(_ action: String, atSave number: Int) -> [String: String] {
    ["FAULT_FOLDER": "run/weights/last", "FAULT_AT": "\(number)", "FAULT_ACTION": action]
  }

  private func lastStep(_ json: [String: Any]) -> Int? { (json["steps"] as? [String: Int])?["last"] }

  @Test(arguments: [
    (["--max-steps", "4"], 4), (["--max-steps", "3"], 3), (["--max-time", "0.000001s"], 1),
    (["--pause-after", "1"], 3),
    (["--epochs", "50", "--lr", "1e-30", "--early-stopping", "3", "--augment", "none"], 12),
  ])
  func runsThatEndedEarly(flags: [String], steps: Int) throws {
    try #require(try runs.begin("run", flags).status == 0)
    for threads in ["1", "2"] {
      let json = try runs.expectSame("run", ["--threads", threads])
      #expect(lastStep(json) == steps)
    }
    // The rows as well, even of an epoch that was cut short.
    try runs.expectSame("run", ["--out", "again"])
    #expect(try runs.tool.folder.text("run/metrics.csv") == runs.tool.folder.text("again/metrics.csv"))
    for key in ["status", "ended_by"] {
      #expect(
        try runs.tool.json("run/run.json")[key] as? String == runs.tool.json("again/run.json")[key] as? String)
    }
  }

  /// A stop request takes effect after the next step; a kill leaves the weights of the previous save.
  @Test(arguments: [
    ("raise:2", [1: 1, 2: 2, 3: 3, 4: 3, 5: 3, 6: 5, 8: 6, 9: 6]),
    ("kill", [2: 0, 3: 1, 4: 2, 5: 3, 6: 3, 8: 5, 9: 6]),
  ])
  func runsThatWereStoppedOrKilled(action: String, steps: [Int: Int]) throws {
    for (save, step) in steps {
      _ = try runs.begin("run", faults: arriving(action, atSave: save))
      #expect(lastStep(try runs.expectSame("run")) == step, "save \(save)")
      #expect((try runs.tool.json("run/run.json")["result"] is NSNull) == (action == "kill"))
      runs.tool.folder.remove("run")
    }
  }

  @Test func aRunThatWasKilledBeforeAllWeightsHasNothingToCompare() throws {
    _ = try runs.begin("run", faults: arriving("kill", atSave: 1))
    let outcome = try runs.reproduce("run")
    #expect(outcome.error.contains("run/weights/last.safetensors is missing"), "\(outcome.error)")
    #expect(outcome.status == 66)
  }

  /// Every session follows the schedule of its settings, and the next one may continue along another.
  @Test func runsThatWereResumedWithMoreEpochs() throws {
    try #require(try runs.begin("run", ["--keep-states", "1"]).status == 0)
    try #require(try runs.resume("run", ["--epochs", "4"]).status == 0)
    try #require(try runs.resume("run", ["--epochs", "5", "--threads", "1"]).status == 0)
    let json = try runs.expectSame("run", ["--threads", "3"])
    #expect(json["epochs"] as? [String: Int] == ["first": 1, "last": 5])
    #expect((json["metrics"] as? [String: Any])?["epochs"] as? Int == 5)
    try runs.expectSame("run", ["--out", "again"])
    #expect(runs.differences("run", "again") == [])
    for range in ["2..3", "2", "3..5", "5", "1..4"] {
      try runs.expectSame("run", ["--epochs", range], compared: range.hasSuffix("5") ? "weights" : "state")
    }
    // Without the events only one schedule is known: that of the last session.
    runs.tool.folder.remove("run/events.jsonl")
    let outcome = try runs.reproduce("run")
    #expect(outcome.status == 3)
    #expect((try outcome.json()["notes"] as? [String])?.first?.hasPrefix("events.jsonl is missing") == true)
  }

  @Test func runsThatWereResumedWithinAnEpoch() throws {
    try #require(try runs.begin("run", ["--max-steps", "2"]).status == 0)
    try #require(try runs.resume("run", ["--max-steps", "4"]).status == 0)
    try #require(try runs.resume("run", ["--max-steps", "100"]).status == 0)
    let json = try runs.expectSame("run")
    #expect(lastStep(json) == 6)
    #expect((json["metrics"] as? [String: Any])?["epochs"] as? Int == 2)
    try runs.expectSame("run", ["--out", "again"])
    #expect(runs.differences("run", "again") == [])
  }

  /// The same settings in every session form one schedule, however often a run was killed.
  @Test func runsThatWereKilledAndResumed() throws {
    for (save, other) in [(1, 2), (3, 1), (6, 3)] {
      _ = try runs.begin("run", faults: arriving("kill", atSave: save))
      _ = try runs.resume("run", faults: arriving("kill", atSave: other))
      try #require(try runs.resume("run").status == 0)
      #expect(lastStep(try runs.expectSame("run")) == 6)
      runs.tool.folder.remove("run")
    }
  }

  /// Images of which number 7 becomes infinite, and a model for them.
  private func writeDarkData() throws {
    for (prefix, count) in [("train", 20), ("t10k", 10)] {
      var pixels = Data(count: count * 784)
      if prefix == "train" { pixels[7 * 784 + 300] = 255 }
      try runs.tool.folder.write(
        SmallData.header(type: 8, [count, 28, 28]) + pixels, to: "dark/\(prefix)-images-idx3-ubyte")
      try runs.tool.folder.write(
        SmallData.header(type: 8, [count]) + Data((0..<count).map { UInt8($0 % 10) }),
        to: "dark/\(prefix)-labels-idx1-ubyte")
    }
    try runs.tool.folder.write(
      """
      {"name": "dark", "input_shape": [28, 28, 1], "preprocessing": {"scale": 1, "mean": [0], "deviation": [7e-37]},
       "layers": [{"type": "flatten"}, {"type": "dense", "output_features": 10}]}
      """, to: "dark.json")
  }

  private func darkFlags(_ policy: String) -> [String] {
    [
      "--model", "dark.json", "--data", "dark", "--batch-size", "4", "--validation", "0", "--augment", "none",
      "--no-shuffle", "--on-nan", policy,
    ]
  }

  /// The step with the image is left out, makes the run go back, or ends it.
  @Test(arguments: ["skip", "rollback", "stop"])
  func runsWithFaults(policy: String) throws {
    try writeDarkData()
    let flags = darkFlags(policy)
    let outcome = try runs.begin("run", flags)
    #expect(outcome.status == (policy == "skip" ? 0 : 65), "\(outcome.error)")
    func check() throws -> Int? {
      let outcome = try runs.reproduce("run")
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.errorLines.allSatisfy { $0.hasPrefix("jacquard: warning: ") }, "\(outcome.error)")
      return lastStep(try outcome.json())
    }
    #expect(try check() == runs.savedStep("run"))
    var rollbacks: Set<Int> = []
    for save in 2...6 {
      runs.tool.folder.remove("run")
      _ = try runs.begin("run", flags, faults: arriving("raise:2", atSave: save))
      #expect(try check() == runs.savedStep("run"))
      rollbacks.insert(try #require(try runs.state("run")["totals"] as? [String: Any])["rollbacks"] as? Int ?? -1)
    }
    // The first step is repeated after each of them, at half the rate, with other weights.
    #expect(rollbacks.isSuperset(of: policy == "rollback" ? [0, 1, 2] : [0]))
    guard policy == "stop" else { return }
    try #require(try runs.resume("run", ["--on-nan", "skip"]).status == 0)
    #expect(try check() == 10)
  }

  /// A fault that the run never had ends the training, whose result is then different.
  @Test func aFaultThatTheRunDidNotHaveIsADifference() throws {
    try writeDarkData()
    try #require(try runs.begin("run", darkFlags("skip")).status == 0)
    for (name, old, new) in [
      ("config.json", #""on_nan": "skip""#, #""on_nan": "stop""#),
      ("events.jsonl", #""on_nan":"skip""#, #""on_nan":"stop""#),
    ] {
      let text = try runs.tool.folder.text("run/\(name)")
      try runs.tool.folder.write(text.replacing(old, with: new), to: "run/\(name)")
    }
    // These settings determine the training.
    runs.tool.folder.remove("run/weights")
    let outcome = try runs.reproduce("run")
    #expect(outcome.status == 3)
    #expect(
      outcome.error.contains("run: the training ended with step 1, but the run's with step 10; version,"),
      "\(outcome.error)")
    let json = try outcome.json()
    #expect(json["same"] as? Bool == false)
    #expect((json["notes"] as? [String])?.last?.hasPrefix("step 2 of epoch 1: the loss is not finite") == true)
  }

  /// Standard error is a pipe too small for the output, so the training waits for its reader, which sends the signal.
  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func aRequestToStopLeavesNothingBehind(signal: Int32, status: Int32) throws {
    try #require(try runs.begin("run", ["--epochs", "300", "--save-every", "1000"]).status == 0)
    let before = try runs.snapshot("run")
    let pipe = Pipe()
    // Linux's F_SETPIPE_SZ, which Swift does not import; the minimum is one page.
    try #require(fcntl(pipe.fileHandleForWriting.fileDescriptor, 1031, 4096) > 0)
    let temporary = runs.tool.folder.path + "/temporary"
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Tool.path)
    process.arguments = ["reproduce", "run", "--progress", "plain", "--json"]
    process.currentDirectoryURL = runs.tool.folder.url
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": runs.tool.folder.path, "TMPDIR": temporary].merging(
      Sanitizer.environment
    ) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = pipe
    try process.run()
    try? pipe.fileHandleForWriting.close()
    var text = Data()
    while !text.contains(Data("epoch   2/300".utf8)) {
      let piece = pipe.fileHandleForReading.availableData
      if piece.isEmpty { break }
      text += piece
    }
    kill(process.processIdentifier, signal)
    text += pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    #expect(process.terminationReason == .exit && process.terminationStatus == status)
    #expect(
      lines.last?.wholeMatch(of: /jacquard: stopped after step \d+; nothing was compared/) != nil,
      "\(lines.last ?? "")")
    #expect(lines.count < 200, "\(lines.count)")
    #expect(output.fileHandleForReading.readDataToEndOfFile().isEmpty)
    #expect(try runs.snapshot("run") == before)
    #expect(try runs.tool.folder.names("temporary") == [])
    #expect(Set(try runs.tool.folder.names()) == ["data", "run", "temporary", "tiny.json"])
  }

  /// The kept folder is a run that can be resumed.
  @Test func aRequestToStopKeepsWhatIsToBeKept() throws {
    try #require(try runs.begin("run").status == 0)
    var tool = runs.tool
    tool.environment = arriving("raise:2", atSave: 3).merging(["LD_PRELOAD": TinyRun.faultLibrary]) { $1 }
    tool.environment["FAULT_FOLDER"] = "again/weights/last"
    let outcome = try tool.run("reproduce", "run", "--out", "again", "--quiet")
    #expect(outcome.status == 130)
    #expect(outcome.error == "jacquard: stopped after step 3; resume with: jacquard train --resume again\n")
    #expect(outcome.output == "")
    #expect(try runs.resume("again").status == 0)
    #expect(runs.differences("run", "again") == [])
  }
}
