import CommandTestSupport
import Foundation
import Interchange
import TestSupport
import Testing

/// `train --prune`: the zeros of a run's weights, that it is resumed and repeated with the same bytes, and what verbs show of them.
struct PruneTests {
  private let runs: TinyRun

  init() throws { runs = try TinyRun(isInMemory: true) }

  private func weights(_ path: String) throws -> [String: [Float]] {
    let file = try SafetensorsFile(contentsOf: runs.tool.folder(path))
    return Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.values) })
  }

  private func zeroShare(_ values: [Float]?) -> Double {
    Double((values ?? []).count { $0 == 0 }) / Double(max(1, values?.count ?? 0))
  }

  private static let recipes: [[String]] = [
    ["--prune", "0.75"], ["--prune", "0.5", "--optimizer", "sgd", "--momentum", "0.9", "--prune-end", "0.5"],
    ["--prune", "0.9", "--average", "ema=0.8", "--lookahead", "2", "--prune-begin", "0"],
    ["--prune", "0.6", "--on-nan", "rollback", "--sampling", "balanced"],
  ]

  @Test(arguments: recipes)
  func aResumedAndARepeatedRunEndWithTheSameBytes(recipe: [String]) throws {
    let flags = recipe + ["--epochs", "3", "--keep-states", "1"]
    let whole = try runs.begin("whole", flags)
    #expect(whole.status == 0, "\(whole.error)")
    for threads in ["1", "3"] {
      try #require(try runs.begin("run", flags + ["--threads", threads]).status == 0)
      #expect(runs.differences("whole", "run") == [], "\(threads) threads")
      runs.tool.folder.remove("run")
    }
    for save in [2, 4, 6, 9] {
      let faults = ["FAULT_FOLDER": "run/weights/last", "FAULT_AT": "\(save)", "FAULT_ACTION": "kill"]
      try #require(try runs.begin("run", flags, faults: faults).status == 128 + SIGKILL)
      #expect(try runs.resume("run", ["--threads", "3"]).status == 0)
      #expect(runs.differences("whole", "run") == [], "save \(save)")
      runs.tool.folder.remove("run")
    }
    for arguments in [[], ["--epochs", "2", "--threads", "5"]] {
      let outcome = try runs.tool.run(["reproduce", "whole", "--quiet"] + arguments)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
  }

  @Test func everyVerbShowsTheZeros() throws {
    let outcome = try runs.begin("run", ["--prune", "0.75", "--epochs", "3"])
    #expect(outcome.status == 0, "\(outcome.error)")
    // Only an epoch after the last update may be the best.
    for file in ["last", "best"] {
      let values = try weights("run/weights/\(file).safetensors")
      for name in ["conv1.weight", "fc1.weight"] {
        #expect(abs(zeroShare(values[name]) - 0.75) < 0.02, "\(file) \(name)")
      }
      for name in ["conv1.bias", "fc1.bias", "bn1.weight"] { #expect(zeroShare(values[name]) < 1, "\(name)") }
    }
    let best = try #require(try runs.state("run")["best"] as? [String: Any])
    #expect(try #require(best["epoch"] as? Int) == 3)
    for arguments in [["evaluate", "run", "--data", "data"], ["summary", "run"]] {
      let json = try runs.tool.run(arguments + ["--json"]).json()
      let zeros = try #require(json["zero_weights"] as? [String: Any])
      #expect(abs(try #require(zeros["share"] as? Double) - 0.75) < 0.01)
      let text = try runs.tool.run(arguments).output
      #expect(text.contains("zero weights"), "\(text)")
    }
    let verified = try runs.tool.run("verify", "run", "--json").json()
    let files = try #require(verified["files"] as? [[String: Any]])
    #expect(files.count { ($0["zero_share"] as? Double ?? 0) > 0.7 } == 2)
    let table = try runs.tool.run("verify", "run").output
    #expect(table.contains("zero weights"), "\(table)")
    let plain = try runs.begin("plain")
    #expect(plain.status == 0)
    #expect(try !runs.tool.run("verify", "plain").output.contains("zero weights"))
    #expect(try !runs.tool.run("summary", "plain").output.contains("zero weights"))
    #expect(try runs.tool.run("summary", "lenet", "--json").json()["zero_weights"] is NSNull)
  }

  /// The usual use: a trained network loses weights while it trains further.
  @Test func aTrainedNetworkIsPruned() throws {
    try #require(try runs.begin("body", ["--validation", "0"]).status == 0)
    let recipe = [
      "--from", "body", "--data", "data", "--epochs", "2", "--batch-size", "20", "--lr", "0.01", "--quiet", "--no-test",
    ]
    let outcome = try runs.tool.run(["train", "--out", "pruned", "--prune", "0.8"] + recipe)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(abs(zeroShare(try weights("pruned/weights/last.safetensors")["conv1.weight"]) - 0.8) < 0.02)
    // Frozen layers keep every weight.
    let frozen = try runs.tool.run(["train", "--out", "frozen", "--prune", "0.8", "--freeze", "body"] + recipe)
    #expect(frozen.status == 0, "\(frozen.error)")
    let (before, after) = (try weights("body/weights/last.safetensors"), try weights("frozen/weights/last.safetensors"))
    #expect(after["conv1.weight"] == before["conv1.weight"])
    #expect(abs(zeroShare(after["fc1.weight"]) - 0.8) < 0.02)
    // The zeros outlast an export and an import, and a further pruning.
    try #require(
      try runs.tool.run("export", "pruned", "--format", "onnx", "--output", "pruned.onnx", "--quiet").status == 0)
    let again = try runs.tool.run(
      ["train", "--out", "again", "--prune", "0.9"] + ["--from", "pruned.onnx"] + recipe.dropFirst(2))
    #expect(again.status == 0, "\(again.error)")
    let (one, two) = (try weights("pruned/weights/last.safetensors"), try weights("again/weights/last.safetensors"))
    #expect(abs(zeroShare(two["conv1.weight"]) - 0.9) < 0.02)
    for (old, new) in zip(one["conv1.weight"] ?? [], two["conv1.weight"] ?? []) where old == 0 { #expect(new == 0) }
  }

  @Test(arguments: [
    (["--prune", "1"], "--prune must be a number of at least 0 and at most 0.99, not '1'."),
    (["--prune", "-0.1"], "--prune must be a number of at least 0 and at most 0.99"),
    (["--prune-begin", "0.2"], "--prune-begin applies only to a training with --prune"),
    (["--prune-end", "0.5"], "--prune-end applies only to a training with --prune"),
    (
      ["--prune", "0.5", "--prune-begin", "0.6", "--prune-end", "0.5"],
      "prune_begin must be at most prune_end, but 0.6 is more than 0.5."
    ),
    (["--prune", "0.5", "--prune-end", "1.5"], "--prune-end must be a number of at least 0 and at most 1"),
  ])
  func wrongValuesAreRefused(flags: [String], message: String) throws {
    let arguments = flags.contains("-0.1") ? ["--prune=-0.1"] : flags
    let outcome = try runs.begin("run", arguments)
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(!runs.tool.folder.holds("run"))
  }
}
