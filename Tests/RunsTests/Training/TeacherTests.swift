import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `train --teacher`: what a run records, that it is resumed and repeated with the same bytes, and which teachers are refused.
struct TeacherTests {
  private let runs: TinyRun

  init() throws {
    runs = try TinyRun(isInMemory: true)
    for (name, seed) in [("one", "5"), ("two", "6")] {
      try #require(try runs.begin(name, ["--seed", seed, "--validation", "0"]).status == 0)
    }
  }

  private static let recipes: [[String]] = [
    ["--teacher", "one"], ["--teacher", "one", "--augment", "none"],
    [
      "--teacher", "one", "--teacher", "two/weights/last.safetensors", "--teacher-weight", "0.4",
      "--teacher-temperature", "2",
    ],
    ["--teacher", "one,two", "--augment", "mixup=0.5", "--average", "ema=0.8"],
    ["--teacher", "one", "--from", "two", "--freeze", "body"],
  ]

  private func arguments(_ recipe: [String]) -> [String] {
    // A source takes the place of the model.
    guard recipe.contains("--from") else { return TinyRun.recipe + recipe }
    return Array(TinyRun.recipe.dropFirst(2)) + recipe
  }

  private func begin(_ name: String, _ recipe: [String], faults: [String: String] = [:]) throws -> Tool.Outcome {
    var tool = runs.tool
    if !faults.isEmpty {
      tool.environment = faults
      tool.environment["LD_PRELOAD"] = TinyRun.faultLibrary
    }
    return try tool.run(["train", "--out", name] + arguments(recipe))
  }

  @Test(arguments: recipes)
  func aRunIsResumedAndRepeatedWithTheSameBytes(recipe: [String]) throws {
    let whole = try begin("whole", recipe + ["--keep-states", "1"])
    #expect(whole.status == 0, "\(whole.error)")
    for threads in ["1", "3"] {
      try #require(try begin("run", recipe + ["--threads", threads]).status == 0)
      #expect(runs.differences("whole", "run") == [], "\(threads) threads")
      runs.tool.folder.remove("run")
    }
    for save in [2, 5] {
      let faults = ["FAULT_FOLDER": "run/weights/last", "FAULT_AT": "\(save)", "FAULT_ACTION": "kill"]
      try #require(try begin("run", recipe, faults: faults).status == 128 + SIGKILL)
      #expect(try runs.resume("run", ["--threads", "3"]).status == 0)
      #expect(runs.differences("whole", "run") == [], "save \(save)")
      runs.tool.folder.remove("run")
    }
    for arguments in [[], ["--epochs", "2", "--threads", "5"]] {
      let outcome = try runs.tool.run(["reproduce", "whole", "--quiet"] + arguments)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    let plain = recipe.filter { !$0.hasPrefix("--teacher") && !["one", "one,two"].contains($0) }
    if recipe.count == 2 {
      #expect(try begin("plain", plain).status == 0)
      #expect(runs.differences("whole", "plain").contains("weights/last.safetensors"))
    }
  }

  @Test func theTeacherIsPartOfTheRun() throws {
    let outcome = try runs.tool.run(
      "train", "--model", "tiny.json", "--data", "data", "--epochs", "1", "--out", "run", "--teacher", "one")
    #expect(outcome.status == 0 && outcome.error.contains("imitating one (tiny)"), "\(outcome.error)")
    let settings = try runs.tool.json("run/config.json")
    #expect(settings["teacher"] as? String == "one" && settings["teacher_weight"] as? Double == 0.7)
    let provenance = try #require(try runs.tool.json("run/run.json")["provenance"] as? [String: Any])
    let files = try #require(provenance["data"] as? [[String: String]])
    #expect(files.last?["path"] == "one/weights/last.safetensors")
    let hash = try #require(try runs.tool.json("one/run.json")["result"] as? [String: Any])["weights_sha256"] as? String
    #expect(files.last?["sha256"] == hash && hash != nil)
    #expect(try runs.tool.run("evaluate", "run").status == 0)
  }

  @Test func aChangedTeacherIsRefused() throws {
    #expect(try begin("run", ["--teacher", "one", "--max-steps", "4"]).status == 0)
    // Another place is fine, with the same bytes.
    try FileManager.default.copyItem(
      atPath: runs.tool.folder("one/weights/last.safetensors"), toPath: runs.tool.folder("copy.safetensors"))
    #expect(try runs.resume("run", ["--teacher", "copy.safetensors", "--max-steps", "5"]).status == 0)
    for flags in [["--teacher", "two"], ["--teacher", "copy.safetensors,two"]] {
      let outcome = try runs.resume("run", flags + ["--max-steps", "6"])
      #expect(
        outcome.status == 78 && outcome.error.contains("run: the teacher differs: two/weights"), "\(outcome.error)")
    }
    let without = try runs.resume("run", ["--teacher", "none", "--max-steps", "6"])
    #expect(without.status == 78, "\(without.error)")
    runs.tool.folder.remove("copy.safetensors")
    let missing = try runs.resume("run", ["--max-steps", "6"])
    #expect(missing.status == 66 && missing.error.contains("copy.safetensors"), "\(missing.error)")
    let weight = try runs.resume("run", ["--teacher", "one", "--teacher-weight", "0.5", "--max-steps", "6"])
    #expect(weight.status == 78 && weight.error.contains("\"teacher_weight\" was 0.7"), "\(weight.error)")
    let temperature = try runs.tool.run("reproduce", "run", "--quiet")
    #expect(temperature.status == 66, "\(temperature.error)")
  }

  /// The name of a run that comes with the program is a teacher of images like its own.
  @Test func shippedRunsTeach() throws {
    let outcome = try begin("run", ["--teacher", "fast", "--max-steps", "2"])
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  @Test func othersAreRefused() throws {
    let folder = runs.tool.folder
    try folder.write(
      """
      {"name": "five", "input_shape": [28, 28, 1], "class_names": ["a", "b", "c", "d", "e"], "layers": [
        {"type": "flatten"}, {"type": "dense", "output_features": 5}]}
      """, to: "five.json")
    try OwnData.pictures(in: folder, height: 28, width: 28)
    let own = try runs.tool.run(
      "train", "--model", "lenet", "--data", "pictures", "--max-steps", "1", "--out", "color", "--quiet", "--no-test")
    try #require(own.status == 0, "\(own.error)")
    for (flags, status, message) in [
      (["--teacher", "nowhere"], 66, "nowhere: there is no such checkpoint"),
      (
        ["--teacher", "color"], 65,
        "--teacher color: the network takes inputs of 28×28×3, but the images of data are 28×28×1"
      ),
      (["--teacher", "one,"], 64, "--teacher must be none, or checkpoints, separated by commas, not 'one,'."),
      (["--teacher-weight", "0.5"], 64, "--teacher-weight applies only to a training with --teacher"),
      (["--teacher", "one", "--teacher-weight", "1.5"], 64, "--teacher-weight must be a number above 0 and at most 1"),
      (["--teacher", "one", "--teacher-temperature", "0"], 64, "--teacher-temperature must be a number above 0"),
    ] as [([String], Int32, String)] {
      let outcome = try begin("run", flags)
      #expect(outcome.status == status && outcome.output == "", "\(flags): \(outcome.status) \(outcome.error)")
      #expect(outcome.error.contains(message), "\(outcome.error)")
      #expect(!folder.holds("run"))
    }
  }

  /// Pictures of the same size whose classes differ from the teacher's in number, or in the name of one.
  @Test func classesMustAgree() throws {
    let folder = runs.tool.folder
    try OwnData.pictures(in: folder, height: 28, width: 28)
    func train(_ out: String, _ flags: String...) throws -> Tool.Outcome {
      try runs.tool.run(
        ["train", "--model", "lenet", "--data", "pictures", "--max-steps", "1", "--out", out, "--quiet", "--no-test"]
          + flags)
    }
    try #require(try train("color").status == 0)
    #expect(try train("same", "--teacher", "color").status == 0)
    try FileManager.default.moveItem(
      atPath: folder("pictures/train/blue"), toPath: folder("pictures/train/azure"))
    let renamed = try train("renamed", "--teacher", "color")
    #expect(renamed.status == 65)
    #expect(
      renamed.error.contains("--teacher color: class 0 of the network is 'blue', but that of pictures is 'azure'"),
      "\(renamed.error)")
    folder.remove("pictures/train/cyan")
    let fewer = try train("fewer", "--teacher", "color")
    #expect(
      fewer.status == 65 && fewer.error.contains("the network has 5 classes, but pictures has 4"), "\(fewer.error)")
  }
}
