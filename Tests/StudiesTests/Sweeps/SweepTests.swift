import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `sweep`.
struct SweepTests {
  private let runs: TinyRun
  private var tool: Tool { runs.tool }

  init() throws {
    runs = try TinyRun(isInMemory: true)
  }

  private static let base =
    #""base": {"model": "tiny.json", "epochs": 2, "batch_size": 20, "validation": 15, "save_every": 1, "lr": 0.01}"#

  /// Runs the sweep in a file, into the folder `s`.
  private func sweep(_ content: String, _ flags: [String] = [], faults: [String: String] = [:]) throws -> Tool.Outcome {
    try tool.folder.write("{\(Self.base), \(content)}", to: "sweep.json")
    var tool = tool
    tool.environment = faults
    if !faults.isEmpty { tool.environment["LD_PRELOAD"] = TinyRun.faultLibrary }
    return try tool.run(Self.arguments + flags)
  }

  private static let arguments = ["sweep", "sweep.json", "--out", "s", "--data", "data", "--json", "--quiet"]

  private func rows(_ outcome: Tool.Outcome) throws -> [[String: Any]] {
    try #require(try outcome.json()["runs"] as? [[String: Any]])
  }

  private func hash(_ name: String) throws -> String {
    String(try tool.shell("sha256sum \(name)/weights/last.safetensors").output.prefix(64))
  }

  @Test func aGridIsTrainedAndRanked() throws {
    let outcome = try sweep(#""grid": {"lr": [1e-9, 0.02], "optimizer": ["adam", "sgd"]}"#, ["--jobs", "2"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error == "")
    let json = try outcome.json()
    #expect(json["schema"] as? Int == 1 && json["complete"] as? Bool == true)
    let rows = try rows(outcome)
    #expect(Set(rows.compactMap { $0["run"] as? String }) == ["s/run-1", "s/run-2", "s/run-3", "s/run-4"])
    let accuracies = try rows.map { try #require(($0["validation"] as? [String: Double])?["accuracy"]) }
    #expect(accuracies == accuracies.sorted(by: >))
    let expected: [(Double, String)] = [(1e-9, "adam"), (1e-9, "sgd"), (0.02, "adam"), (0.02, "sgd")]
    for (index, (rate, optimizer)) in expected.enumerated() {
      let name = "s/run-\(index + 1)"
      let settings = try tool.json("\(name)/config.json")
      #expect(settings["lr"] as? Double == rate && settings["optimizer"] as? String == optimizer)
      #expect(settings["test"] as? Bool == false && settings["epochs"] as? Int == 2)
      #expect(try tool.json("\(name)/run.json")["status"] as? String == "finished")
      let row = try #require(rows.first { $0["run"] as? String == name })
      #expect(row["settings"] as? NSDictionary == ["lr": rate, "optimizer": optimizer] as NSDictionary)
      #expect(row["weights_sha256"] as? String == (try hash(name)))
      #expect(row["status"] as? String == "finished" && row["epochs"] as? Int == 2 && row["error"] is NSNull)
    }
    // The command that it prints trains the same weights.
    let winner = try #require(json["winner"] as? String)
    #expect(winner == rows.first?["run"] as? String)
    let command = try #require(json["command"] as? String)
    #expect(command == "jacquard train --config \(winner)/config.json --data data --out winner")
    #expect(try tool.shell(command).status == 0)
    #expect(try hash("winner") == hash(winner))
    // There is nothing left to do, and a table says so.
    let before = try runs.events("s/run-1")
    let again = try tool.run("sweep", "sweep.json", "--out", "s", "--data", "data", "--metric", "loss")
    #expect(again.status == 0 && again.error == "")
    #expect(again.output.hasPrefix("run    status    epochs  accuracy    loss  optimizer     lr\n"), "\(again.output)")
    #expect(again.output.contains("\ntrain it again  jacquard train --config s/run-"))
    #expect(try runs.events("s/run-1") == before)
  }

  @Test func samplesAreAddressedBySeed() throws {
    func settings(_ random: String) throws -> [[String: Any]] {
      tool.folder.remove("s")
      // Rejected before anything is trained, but after the plan is written.
      let outcome = try sweep(
        #""random": {"# + random + "}", faults: ["FAULT_FOLDER": "s/claims", "FAULT_AT": "1", "FAULT_ACTION": "28"])
      #expect(outcome.status == 73, "\(outcome.error)")
      let plan = try tool.json("s/sweep.json")
      return try #require(plan["runs"] as? [[String: Any]]).compactMap { $0["settings"] as? [String: Any] }
    }
    let drawn =
      #""settings": {"lr": {"log": [0.0001, 0.1]}, "weight_decay": {"uniform": [0, 0.5]}, "seed": {"integer": [5, 7]}, "optimizer": ["sgd", "adam"]}"#
    let many = try settings("\"count\": 40, \(drawn)")
    #expect(many.count == 40)
    let rates = many.compactMap { $0["lr"] as? Double }
    #expect(rates.allSatisfy { 0.0001...0.1 ~= $0 } && rates.count == 40)
    // Half of the samples are expected on each side of the geometric mean.
    #expect(12...28 ~= rates.count { $0 < 0.00316 })
    #expect(many.allSatisfy { 0...0.5 ~= $0["weight_decay"] as? Double ?? -1 })
    #expect(Set(many.compactMap { $0["seed"] as? Int }) == [5, 6, 7])
    #expect(Set(many.compactMap { $0["optimizer"] as? String }) == ["sgd", "adam"])
    // A smaller number of samples is a prefix; one setting does not affect another.
    let few = try settings("\"count\": 3, \(drawn)")
    #expect(few as NSArray == Array(many.prefix(3)) as NSArray)
    let alone = try settings(#""count": 3, "settings": {"lr": {"log": [0.0001, 0.1]}}"#)
    #expect(alone.compactMap { $0["lr"] as? Double } == Array(rates.prefix(3)))
    let other = try settings("\"count\": 3, \"seed\": 2, \(drawn)")
    #expect(other.compactMap { $0["lr"] as? Double } != Array(rates.prefix(3)))
  }

  /// The plan of many runs is larger than any single configuration may be.
  @Test func aSweepOfManyRunsGoesOn() throws {
    // Ends before anything is trained, but after the plan is written or read.
    let faults = ["FAULT_FOLDER": "s/claims", "FAULT_AT": "1", "FAULT_ACTION": "28"]
    for _ in 0..<2 {
      let outcome = try sweep(
        #""random": {"count": 1500, "settings": {"seed": {"integer": [0, 1000000000]}}}"#, faults: faults)
      #expect(outcome.status == 73)
      #expect(outcome.error.contains("s/claims"), "\(outcome.error)")
    }
    #expect(try #require(tool.folder.bytes("s/sweep.json")).count > 1 << 20)
  }

  @Test func aGridThatExplodesIsRefused() throws {
    let values = (1...400).map(String.init).joined(separator: ",")
    let outcome = try sweep(#""grid": {"seed": [\#(values)], "epochs": [\#(values)]}"#)
    #expect(
      outcome.error
        == "jacquard: error: sweep.json: the grid has more than 100000 points; remove some values.\n")
    #expect(outcome.status == 78 && !tool.folder.holds("s"))
  }

  @Test(arguments: [
    (#""grid": {"lr": 0.1}"#, #""grid.lr" must be a list of values, such as [0.001, 0.003], not 0.1."#),
    (#""gird": {}"#, #"unknown key "gird". Did you mean "grid"?"#),
    (#""grid": {"optimiser": ["sgd"]}"#, #"unknown key "optimiser". Did you mean "optimizer"?"#),
    (#""list": [{"epochs": 0}]"#, #""epochs" must be a whole number from 1 to 100000, not 0."#),
    (#""list": [{"validation": 0}]"#, "runs are compared on a validation set; set \"validation\""),
    (#""list": [{"model": "vggg"}]"#, "Unknown model 'vggg'. Did you mean 'vgg'?"),
    (#""list": []"#, "there is nothing to train; give a \"grid\""),
    (#""random": {"count": 2}"#, #""random.settings" must define how to draw settings"#),
    (#""random": {"count": 0, "settings": {}}"#, #""random.count" must be a whole number from 1 to 100000, not 0."#),
    (
      #""random": {"count": 2, "settings": {"lr": {"log": [0, 1]}}}"#,
      #""random.settings.lr" must be a list of values, or {"uniform": [a, b]}"#
    ),
    (
      #""list": [{}], "halving": {"rungs": [2, 1]}"#,
      #""halving.rungs" must be increasing numbers of epochs such as [1, 3], not [2,1]."#
    ),
    (
      #""list": [{}], "halving": {"rungs": [1], "factor": 1}"#,
      #""halving.factor" must be a whole number from 2 to 1000, not 1."#
    ),
  ])
  func wrongFilesAreRefused(content: String, message: String) throws {
    let outcome = try sweep(content)
    #expect(outcome.status == 78)
    #expect(outcome.error.hasPrefix("jacquard: error: sweep.json: \(message)"), "\(outcome.error)")
    #expect(outcome.output == "")
    #expect(!tool.folder.holds("s"))
  }

  @Test func wrongUsageIsRefused() throws {
    for (flags, message) in [
      (["--shard", "3/2"], "--shard must be a part such as 2/8, not '3/2'."),
      (["--jobs", "0"], "--jobs must be a whole number from 1 to 256, not '0'."),
    ] {
      let outcome = try sweep(#""list": [{}]"#, flags)
      #expect(outcome.status == 64 && outcome.error.hasPrefix("jacquard: error: \(message)"), "\(outcome.error)")
    }
    let shards = try sweep(#""list": [{}], "halving": {"rungs": [1]}"#, ["--shard", "1/2"])
    #expect(
      shards.status == 64 && shards.error.hasPrefix("jacquard: error: --shard cannot be combined with \"halving\""))
    #expect(try tool.run("sweep", "none.json", "--out", "s", "--data", "data").status == 66)
    try tool.folder.write("mine", to: "s/file")
    let stranger = try sweep(#""list": [{}]"#)
    #expect(stranger.status == 73 && stranger.error.contains("s: the folder is not empty and contains no sweep"))
    #expect(try tool.folder.names("s") == ["file"])
  }

  @Test func anotherSweepIsKeptApart() throws {
    #expect(try sweep(#""list": [{}]"#).status == 0)
    let other = try sweep(#""list": [{"lr": 0.02}]"#)
    #expect(other.status == 78)
    #expect(other.error.hasPrefix("jacquard: error: s/sweep.json: the sweep in this folder has other settings"))
  }

  @Test func variablesDoNotChangeTheSettings() throws {
    let outcome = try sweep(#""list": [{}]"#, faults: ["JACQUARD_EPOCHS": "1", "JACQUARD_LR": "0.5"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try tool.json("s/run-1/config.json")["epochs"] as? Int == 2)
    #expect(try tool.json("s/run-1/config.json")["lr"] as? Double == 0.01)
  }

  @Test func aRunThatFailsDoesNotStopTheOthers() throws {
    let outcome = try sweep(#""list": [{"validation": 1000}, {}]"#)
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("jacquard: error: 1 of 2 runs failed, the first is run-1: "), "\(outcome.error)")
    let rows = try rows(outcome)
    #expect(rows.map { $0["status"] as? String } == ["finished", "failed"])
    #expect((rows[1]["error"] as? String)?.contains("1000") == true)
    #expect(try outcome.json()["winner"] as? String == "s/run-2")
  }
}
