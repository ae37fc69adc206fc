import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `train --sampling balanced` and `--class-weights FILE`: what a run records, and that it is resumed and repeated with the same bytes.
struct ImbalanceTests {
  private let runs: TinyRun

  init() throws { runs = try TinyRun(isInMemory: true) }

  private static let names = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  private func write(_ rows: [String], header: String = "class,weight") throws {
    try runs.tool.folder.write(([header] + rows).map { $0 + "\n" }.joined(), to: "weights.csv")
  }

  // MARK: Sampling

  @Test(arguments: [
    ["--augment", "none"], ["--augment", "flip,shift=1,mixup=0.3"], ["--class-weights", "1,1,1,1,1,5,1,1,1,1"],
  ])
  func balancedSamplingIsResumedAndRepeated(flags: [String]) throws {
    let flags = ["--sampling", "balanced", "--keep-states", "1"] + flags
    let whole = try runs.begin("whole", flags)
    #expect(whole.status == 0, "\(whole.error)")
    for threads in ["1", "3"] {
      try #require(try runs.begin("threads", flags + ["--threads", threads]).status == 0)
      #expect(runs.differences("whole", "threads") == [], "\(threads) threads")
      runs.tool.folder.remove("threads")
    }
    for save in [2, 3, 5] {
      let faults = ["FAULT_FOLDER": "run/weights/last", "FAULT_AT": "\(save)", "FAULT_ACTION": "kill"]
      try #require(try runs.begin("run", flags, faults: faults).status == 128 + SIGKILL)
      #expect(try runs.resume("run", ["--threads", "3"]).status == 0)
      #expect(runs.differences("whole", "run") == [], "save \(save)")
      runs.tool.folder.remove("run")
    }
    #expect(try runs.tool.run("reproduce", "whole", "--quiet").status == 0)
    #expect(try runs.begin("once", Array(flags.dropFirst(2))).status == 0)
    #expect(runs.differences("whole", "once").contains("weights/last.safetensors"))
  }

  @Test(arguments: [
    (["--sampling", "equal"], "--sampling must be once or balanced, not 'equal'."),
    (
      ["--sampling", "balanced", "--hardest", "0.5"], "sampling balanced and hardest both choose the images of an epoch"
    ),
    (["--sampling", "balanced", "--no-shuffle"], "sampling balanced draws the images of each epoch at random"),
    (
      ["--sampling", "balanced", "--class-weights", "balanced"],
      "both make rare classes count as much as others; give one of both."
    ),
  ])
  func combinationsAreRefused(flags: [String], message: String) throws {
    let outcome = try runs.begin("run", flags)
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(!runs.tool.folder.holds("run"))
  }

  @Test func anotherSamplingIsAnotherRun() throws {
    #expect(try runs.begin("run", ["--sampling", "balanced"]).status == 0)
    let outcome = try runs.resume("run", ["--sampling", "once", "--epochs", "3"])
    #expect(outcome.status == 78 && outcome.error.contains("\"sampling\" was \"balanced\""), "\(outcome.error)")
  }

  // MARK: Weights of classes

  @Test func weightsFromATableAreRecordedAsNumbers() throws {
    // By name and by number, in any order.
    try write(Self.names.enumerated().reversed().map { "\($0 < 5 ? $1 : String($0)),\($0 == 5 ? "2.5" : "1")" })
    let outcome = try runs.begin("run", ["--class-weights", "weights.csv", "--pause-after", "1"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try runs.tool.json("run/config.json")["class_weights"] as? String == "1,1,1,1,1,2.5,1,1,1,1")
    runs.tool.folder.remove("weights.csv")
    #expect(try runs.resume("run").status == 0)
    #expect(try runs.begin("list", ["--class-weights", "1,1,1,1,1,2.5,1,1,1,1"]).status == 0)
    #expect(try runs.tool.run("reproduce", "run", "--quiet").status == 0)
    #expect(runs.differences("run", "list") == [])
    // A configuration file may name the table, too; with a folder in its path, it needs no ending.
    try write(Self.names.map { "\($0),2" })
    try FileManager.default.copyItem(
      atPath: runs.tool.folder("weights.csv"), toPath: runs.tool.folder("table"))
    try runs.tool.folder.write(#"{"class_weights": "./table"}"#, to: "c.json")
    #expect(try runs.begin("file", ["--config", "c.json", "--max-steps", "1"]).status == 0)
    #expect(try runs.tool.json("file/config.json")["class_weights"] as? String == "2,2,2,2,2,2,2,2,2,2")
  }

  @Test(arguments: [
    (["Trouser,1"], "weights.csv: the class 'T-shirt/top' has no weight; give every class of the data a line."),
    (["Trousers,1"], "weights.csv, line 2: the data has no class 'Trousers'. Did you mean 'Trouser'?"),
    (["10,1"], "weights.csv, line 2: the data has no class '10'."),
    (["Trouser,1", "1,2"], "weights.csv, line 3: the class 'Trouser' has a weight already."),
    (["Trouser,-1"], "weights.csv, line 2: the weight must be a number from 0 to 1000000, not '-1'."),
    (["Trouser,nan"], "the weight must be a number from 0 to 1000000, not 'nan'."),
    (["Trouser"], "weights.csv, line 2: expected 2 cells, found 1."),
    ((0..<10).map { "\($0),0" }, "weights.csv: all weights are 0, so there is nothing to learn"),
  ])
  func wrongTablesAreRefused(rows: [String], message: String) throws {
    try write(rows)
    let outcome = try runs.begin("run", ["--class-weights", "weights.csv"])
    #expect(outcome.status == 65 && outcome.output == "" && outcome.errorLines.count == 1, "\(outcome.error)")
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(!runs.tool.folder.holds("run"))
  }

  @Test func tablesNeedTheirColumnsAndMustExist() throws {
    try write(["Trouser,1"], header: "name,weight")
    let outcome = try runs.begin("run", ["--class-weights", "weights.csv"])
    #expect(outcome.status == 65 && outcome.error.contains("line 1: expected the columns class,weight."))
    let missing = try runs.begin("run", ["--class-weights", "no.csv"])
    #expect(missing.status == 66 && missing.error.contains("no.csv"), "\(missing.error)")
  }
}
