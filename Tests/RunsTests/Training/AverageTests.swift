import CommandTestSupport
import Foundation
import Interchange
import TestSupport
import Testing

/// `train --average` and `--lookahead`: the files of a run, what is evaluated, and that a resumed or repeated run ends with the same bytes.
struct AverageTests {
  private let runs: TinyRun

  init() throws { runs = try TinyRun(isInMemory: true) }

  static let recipes: [[String]] = [
    ["--average", "ema=0.8"], ["--average", "swa=0.5"], ["--lookahead", "2"],
    ["--average", "swa=0.3", "--lookahead", "2:0.7", "--optimizer", "sgd", "--momentum", "0.9"],
    ["--average", "ema=0.9", "--groups", "conv1.*:rate=0;bn1.bias:epochs=1", "--clip-norm", "0.5"],
  ]

  private func tensors(_ path: String) throws -> [String: [Float]] {
    let file = try SafetensorsFile(contentsOf: runs.tool.folder(path))
    return Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.values) })
  }

  // MARK: Files and results

  @Test(arguments: ["ema=0.8", "swa=0.5"])
  func theAverageIsEvaluatedAndSaved(average: String) throws {
    let outcome = try runs.begin("run", ["--average", average])
    #expect(outcome.status == 0, "\(outcome.error)")
    try #require(try runs.begin("plain").status == 0)
    let (weights, state) = (try tensors("run/weights/last.safetensors"), try tensors("run/state/last.safetensors"))
    let plain = try tensors("plain/weights/last.safetensors")
    for (name, values) in plain {
      // Averaging changes nothing in the training itself.
      #expect(state[name] == values, "\(name)")
      #expect(weights[name] != values, "\(name)")
    }
    // Adam has two moments; the average follows them.
    for name in plain.keys where !name.contains("running") {
      #expect(weights[name] == state["moment.2/\(name)"], "\(name)")
    }
    #expect(state.keys.allSatisfy { !$0.hasPrefix("moment.3/") })
    #expect(
      (try runs.state("run")["progress"] as? [String: Any])?["averaged_steps"] as? Int == (average == "ema=0.8" ? 6 : 3)
    )
    // The test score of the run is that of its file.
    let evaluated = try runs.tool.run("evaluate", "run", "--data", "data", "--json").json()
    let test = try #require(try outcome.json()["test"] as? [String: Double])
    #expect(evaluated["accuracy"] as? Double == test["accuracy"])
    #expect(evaluated["loss"] as? Double == test["loss"])
    let validated = try runs.tool.run("evaluate", "run", "--data", "data", "--split", "validation", "--json").json()
    #expect(validated["loss"] as? Double == (try outcome.json()["validation"] as? [String: Double])?["loss"])
    let other = try runs.tool.run("evaluate", "plain", "--data", "data", "--json").json()
    #expect(evaluated["loss"] as? Double != other["loss"] as? Double)
    #expect(try runs.tool.run("verify", "run", "--quiet").status == 0)
  }

  /// The best weights are averaged ones, too: of the last epoch if that is the best.
  @Test func theBestWeightsAreAveragedOnes() throws {
    let outcome = try runs.begin("run", ["--average", "ema=0.8", "--epochs", "3"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let best = try #require(try runs.state("run")["best"] as? [String: Any])
    let (file, state) = (try tensors("run/weights/best.safetensors"), try tensors("run/state/last.safetensors"))
    for (name, values) in file { #expect(state["best/\(name)"] == values, "\(name)") }
    if best["epoch"] as? Int == 3 { #expect(try tensors("run/weights/last.safetensors") == file) }
    let score = try #require((best["score"] as? [String: Any])?["loss"] as? Double)
    let evaluated = try runs.tool.run(
      "evaluate", "run/weights/best.safetensors", "--data", "data", "--split", "validation", "--json")
    #expect(abs(try #require(try evaluated.json()["loss"] as? Double) - score) < 1e-6)
  }

  /// Before the mean begins, the weights themselves are evaluated and saved.
  @Test func anAverageThatHasNotBegunChangesNothing() throws {
    #expect(try runs.begin("run", ["--average", "swa=0.9", "--epochs", "2"]).status == 0)
    #expect(try runs.begin("plain", ["--epochs", "2"]).status == 0)
    let rows = try ["run", "plain"].map { try runs.tool.folder.text("\($0)/metrics.csv").split(separator: "\n") }
    #expect(rows[0].count == 3 && rows[0][1] == rows[1][1])
    // The last of six steps is the only sample of the mean: the weights agree, the statistics are computed again.
    let last = try ["run", "plain"].map { try tensors("\($0)/weights/last.safetensors") }
    for (name, values) in last[0] { #expect((values == last[1][name]) == !name.contains("running"), "\(name)") }
  }

  @Test func earlyStoppingAndTensorBoardTakeTheAverage() throws {
    let flags = ["--average", "ema=0.99", "--early-stopping", "1", "--epochs", "20", "--tensorboard"]
    let outcome = try runs.begin("run", flags)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try runs.begin("plain", ["--early-stopping", "1", "--epochs", "20"]).status == 0)
    let rows = try ["run", "plain"].map { try runs.tool.folder.text("\($0)/metrics.csv") }
    #expect(rows[0] != rows[1])
  }

  // MARK: The same bytes

  @Test(arguments: recipes)
  func aResumedAndARepeatedRunEndWithTheSameBytes(recipe: [String]) throws {
    let flags = recipe + ["--keep-states", "1"]
    let whole = try runs.begin("whole", flags)
    #expect(whole.status == 0, "\(whole.error)")
    for save in [1, 2, 5, 7] {
      let faults = ["FAULT_FOLDER": "run/weights/last", "FAULT_AT": "\(save)", "FAULT_ACTION": "kill"]
      try #require(try runs.begin("run", flags, faults: faults).status == 128 + SIGKILL)
      #expect(try runs.resume("run", ["--threads", "3"]).status == 0)
      #expect(runs.differences("whole", "run") == [], "save \(save)")
      runs.tool.folder.remove("run")
    }
    for arguments in [[], ["--epochs", "1"], ["--epochs", "2", "--threads", "5"]] {
      let outcome = try runs.tool.run(["reproduce", "whole", "--quiet"] + arguments)
      #expect(outcome.status == 0, "\(arguments): \(outcome.error)")
    }
    // With the hash alone, when the weights are gone.
    runs.tool.folder.remove("whole/weights/last.safetensors")
    let outcome = try runs.tool.run("reproduce", "whole", "--quiet")
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  @Test(arguments: recipes)
  func everyNumberOfThreadsGivesTheSameBytes(recipe: [String]) throws {
    for threads in ["1", "2", "3", "5"] {
      #expect(try runs.begin("run\(threads)", recipe + ["--threads", threads]).status == 0)
      #expect(runs.differences("run1", "run\(threads)") == [], "\(threads) threads")
    }
  }

  /// The mean of a run that grew begins again where it belongs in the longer run.
  @Test func aLongerRunMovesTheBeginningOfTheMean() throws {
    let flags = ["--average", "swa=0.5", "--schedule", "constant"]
    #expect(try runs.begin("run", flags).status == 0)
    #expect(try runs.resume("run", ["--epochs", "4"]).status == 0)
    #expect(try runs.begin("whole", flags + ["--epochs", "4"]).status == 0)
    // Steps 7 to 12 either way.
    #expect((try runs.state("run")["progress"] as? [String: Any])?["averaged_steps"] as? Int == 6)
    #expect(try tensors("run/weights/last.safetensors") == tensors("whole/weights/last.safetensors"))
    #expect(try runs.tool.run("reproduce", "run", "--quiet").status == 0)
    // In a run of nine steps the mean begins after the fifth (4.5, rounded), so the mean of steps 4 to 6 stands for step 6.
    try #require(try runs.begin("passed", flags).status == 0)
    #expect(try runs.resume("passed", ["--epochs", "3"]).status == 0)
    #expect((try runs.state("passed")["progress"] as? [String: Any])?["averaged_steps"] as? Int == 4)
  }

  /// A rollback restores averaged and slow weights, too.
  @Test func goingBackRestoresTheAverage() throws {
    let recipe = [
      "--optimizer", "sgd", "--lr", "100", "--schedule", "constant", "--epochs", "4", "--on-nan", "rollback",
      "--augment", "none", "--model", "steep.json", "--average", "ema=0.5", "--lookahead", "2",
    ]
    try runs.tool.folder.write(
      """
      {"name": "steep", "input_shape": [28, 28, 1],
       "preprocessing": {"scale": 0.004, "mean": [0], "deviation": [3e-19]},
       "layers": [{"type": "flatten"}, {"type": "dense", "output_features": 10}]}
      """, to: "steep.json")
    let whole = try runs.begin("whole", recipe)
    #expect(whole.status == 0, "\(whole.error)")
    #expect(try runs.events("whole").contains("rollback"))
    for save in [2, 3, 5, 8] {
      let faults = ["FAULT_FOLDER": "run/weights/last", "FAULT_AT": "\(save)", "FAULT_ACTION": "kill"]
      _ = try runs.begin("run", recipe, faults: faults)
      #expect(try runs.resume("run", ["--threads", "3"]).status == 0)
      #expect(runs.differences("whole", "run") == [], "save \(save)")
      runs.tool.folder.remove("run")
    }
    #expect(try runs.tool.run("reproduce", "whole", "--quiet").status == 0)
  }

  @Test func severalSeedsAndConfigurationFilesTakeThem() throws {
    let outcome = try runs.tool.run(
      ["train", "--out", "many", "--seeds", "2"] + TinyRun.recipe + ["--average", "ema=0.8", "--lookahead", "3"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let configuration = try runs.tool.json("many/seed-1/config.json")
    #expect(configuration["average"] as? String == "ema=0.8" && configuration["lookahead"] as? String == "3:0.5")
    try runs.tool.folder.write(#"{"schema": 1, "average": "ema=0.8", "lookahead": 3}"#, to: "c.json")
    #expect(try runs.begin("alone", ["--config", "c.json"]).status == 0)
    #expect(runs.differences("alone", "many/seed-1") == [])
  }

  // MARK: Refusals

  @Test(arguments: [
    (
      ["--average", "ema=1"],
      "--average must be none, ema=DECAY or swa=SHARE, with a number of at least 0 and below 1, such as ema=0.999, not 'ema=1'."
    ),
    (["--average", "0.999"], "such as ema=0.999, not '0.999'."),
    (["--average", "swa=1.5"], "not 'swa=1.5'."),
    (
      ["--lookahead", "0"],
      "--lookahead must be none, or steps from 1 to 100000 and a share above 0 and at most 1, such as 5 or 5:0.5, not '0'."
    ),
    (["--lookahead", "5:0"], "not '5:0'."),
    (["--lookahead", "5:2"], "not '5:2'."),
  ])
  func wrongValuesAreRefused(flags: [String], message: String) throws {
    let outcome = try runs.begin("run", flags)
    #expect(outcome.status == 64)
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(outcome.output == "" && !runs.tool.folder.holds("run"))
  }

  @Test func anotherAverageIsAnotherRun() throws {
    #expect(try runs.begin("run", ["--average", "ema=0.8"]).status == 0)
    for flags in [["--average", "none"], ["--average", "ema=0.9"], ["--lookahead", "5"]] {
      let outcome = try runs.resume("run", flags + ["--epochs", "3"])
      #expect(outcome.status == 78, "\(outcome.error)")
      #expect(outcome.error.contains("when the run began"), "\(outcome.error)")
    }
  }
}
