import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `train --exclude` and `train --fold`: parts of the training images.
struct ExcludeTests {
  private static let recipe = [
    "--model", "tiny.json", "--data", "data", "--epochs", "2", "--batch-size", "20", "--lr", "0.01", "--threads", "2",
    "--quiet", "--json",
  ]

  private func train(_ tool: Tool, _ out: String, _ flags: String...) throws -> [String: Any] {
    let outcome = try tool.run(["train", "--out", out] + Self.recipe + flags)
    try #require(outcome.status == 0, "\(outcome.error)")
    return try outcome.json()
  }

  private func score(_ json: [String: Any], _ part: String) -> [String: Double]? { json[part] as? [String: Double] }

  @Test func listedImagesAreLeftOut() throws {
    let tool = try TinyRun().tool
    try tool.folder.write(
      "part,index,path,label,reason,score,suggestion\n" + (40..<60).map { "train,\($0),,x,label,0.1,y\n" }.joined()
        + "test,3,,x,blurred,4,\n", to: "findings.csv")
    let excluded = try train(tool, "one", "--exclude", "findings.csv")
    // The same as with the first forty images only.
    let first = try train(tool, "two", "--max-train", "40")
    for part in ["train", "test"] { #expect(score(excluded, part) == score(first, part) && score(first, part) != nil) }
    #expect(excluded["steps"] as? Int == 4)
    let evaluated = try tool.run("evaluate", "one", "--data", "data", "--split", "train", "--json").json()
    #expect(evaluated["count"] as? Int == 40)
    // One index per line does as well.
    try tool.folder.write((40..<60).map { "\($0)\n" }.joined(), to: "list.txt")
    #expect(try score(train(tool, "three", "--exclude", "list.txt"), "train") == score(first, "train"))
    let noted = try tool.run(
      "train", "--out", "four", "--exclude", "list.txt", "--model", "tiny.json", "--data", "data", "--max-steps", "1")
    #expect(noted.error.contains("left out 20 training images that "), "\(noted.error)")
  }

  @Test func aTableBelongsToTheRun() throws {
    let run = try TinyRun()
    let tool = run.tool
    try tool.folder.write((0..<12).map { "\($0 * 5)\n" }.joined(), to: "list.txt")
    _ = try train(tool, "whole", "--exclude", "list.txt", "--validation", "10")
    _ = try train(tool, "cut", "--exclude", "list.txt", "--validation", "10", "--pause-after", "1")
    let resumed = try tool.run("train", "--resume", "cut", "--quiet")
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(run.differences("whole", "cut") == [])
    #expect(try tool.run("reproduce", "whole", "--quiet").status == 0)
    // Its hash is among those of the data.
    #expect(try tool.folder.text("whole/run.json").contains("/list.txt\""))
    _ = try train(tool, "paused", "--exclude", "list.txt", "--pause-after", "1")
    try tool.folder.write("1\n", to: "list.txt")
    for arguments in [["train", "--resume", "paused"], ["reproduce", "whole"]] {
      let outcome = try tool.run(arguments)
      #expect(outcome.status == 78 && outcome.error.contains("the data differs: "), "\(outcome.error)")
      #expect(outcome.error.contains("list.txt"))
    }
  }

  @Test func picturesAreNamedByTheirPaths() throws {
    let tool = try Tool()
    try OwnData.pictures(in: tool.folder)
    try tool.folder.write("path,reason\ntrain/red/003.png,label\ntrain/blue/000.png,dark\n", to: "findings.csv")
    let flags = ["--model", "lenet", "--data", "pictures", "--epochs", "1", "--quiet", "--exclude", "findings.csv"]
    #expect(try tool.run(["train", "--out", "run"] + flags).status == 0)
    let evaluated = try tool.run("evaluate", "run", "--split", "train", "--json").json()
    #expect(evaluated["count"] as? Int == 98)
    try tool.folder.write("path\ntrain/red/none.png\n", to: "findings.csv")
    let outcome = try tool.run(["train", "--out", "again"] + flags)
    #expect(outcome.status == 65 && !tool.folder.holds("again"))
    #expect(
      outcome.error.contains("line 2: the data has no picture \"train/red/none.png\" in its train part"),
      "\(outcome.error)")
  }

  @Test(arguments: [
    ("index\n60\n", "findings.csv, line 2: \"60\" is no image; expected a number from 0 to 59."),
    ("index,reason\n3\n", "findings.csv, line 2: expected 2 cells, found 1."),
    ("first\n", "findings.csv, line 1: \"first\" is no image"),
    ((0..<60).map { "\($0)\n" }.joined(), "leaves none of 60 training images"),
  ])
  func wrongTablesAreRefused(table: String, message: String) throws {
    let tool = try TinyRun().tool
    try tool.folder.write(table, to: "findings.csv")
    let outcome = try tool.run(["train", "--out", "run", "--exclude", "findings.csv"] + Self.recipe)
    #expect([64, 65].contains(outcome.status) && outcome.output == "" && outcome.errorLines.count == 1)
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(!tool.folder.holds("run"))
  }

  @Test func aFoldNeedsNoValidation() throws {
    let tool = try TinyRun().tool
    let json = try train(tool, "run", "--fold", "1/4", "--early-stopping", "3")
    #expect(json["validation"] is [String: Any])
    #expect(tool.folder.holds("run/weights/best.safetensors"))
    for (flags, message) in [
      (["--fold", "5/4"], "--fold must be a fold and the number of folds, such as 2/5, not '5/4'."),
      (
        ["--fold", "1/4", "--validation", "5"], "fold sets its own validation images aside; remove validation, or fold."
      ),
      (["--fold-groups", ""], "--fold-groups must be a CSV file, not ''."),
    ] {
      let outcome = try tool.run(["train", "--out", "other"] + Self.recipe + flags)
      #expect(outcome.status == 64 && outcome.error.contains(message), "\(outcome.error)")
    }
  }

  @Test func everyImageNeedsOneGroup() throws {
    let tool = try TinyRun().tool
    for (table, message) in [
      ("index,group\n" + (0..<59).map { "\($0),a\n" }.joined(), "the image 59 has no group"),
      ("index,group\n" + (0..<60).map { "\($0),g\($0)\n" }.joined() + "3,g7\n", "the image 3 is in two groups"),
      ("index,patient\n0,a\n", "there is no column \"group\"; its columns are index, patient."),
    ] {
      try tool.folder.write(table, to: "groups.csv")
      let outcome = try tool.run(
        ["train", "--out", "run", "--fold", "1/3", "--fold-groups", "groups.csv"] + Self.recipe)
      #expect(outcome.status == 65 && outcome.error.contains(message), "\(outcome.error)")
    }
  }
}
