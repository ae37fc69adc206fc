import CommandTestSupport
import Foundation
import Interchange
import NumPy
import TestSupport
import Testing

/// `crossval`, and the ensembles of its runs.
struct CrossvalTests {
  private static let recipe = [
    "--model", "tiny.json", "--data", "data", "--epochs", "2", "--batch-size", "20", "--lr", "0.01", "--threads", "2",
    "--quiet",
  ]
  private static let files = ["predictions.npz", "predictions.csv", "summary.json", "folds.json"]

  private func crossval(_ tool: Tool, _ out: String, _ flags: String...) throws -> [String: Any] {
    let outcome = try tool.run(["crossval", "--out", out] + Self.recipe + flags + ["--json"])
    #expect(outcome.status == 0 && outcome.error == "", "\(outcome.error)")
    return try outcome.json()
  }

  private struct Predictions {
    let index: [Int]
    let label: [Int]
    let fold: [Int]
    let probabilities: [Float]

    init(_ path: String) throws {
      let archive = try NumPyArchive(contentsOf: path)
      func array(_ name: String) throws -> NumPyArray {
        try #require(archive.members.first { $0.name == name }).array
      }
      index = try #require(try array("index").integers)
      label = try #require(try array("label").integers)
      fold = try #require(try array("fold").integers)
      probabilities = try array("probabilities").floats
    }
  }

  @Test func everyFoldIsAnOrdinaryRun() throws {
    let run = try TinyRun()
    let tool = run.tool
    let json = try crossval(tool, "cv", "--folds", "3", "--seed", "4")
    #expect(json["complete"] as? Bool == true && json["folds"] as? Int == 3)
    let runs = try #require(json["runs"] as? [[String: Any]])
    #expect(runs.map { $0["run"] as? String } == ["cv/fold-1", "cv/fold-2", "cv/fold-3"])
    // Mean and deviation of the runs' scores.
    let accuracies = try runs.map { try #require(($0["validation"] as? [String: Any])?["accuracy"] as? Double) }
    let spread = try #require((json["validation"] as? [String: Any])?["accuracy"] as? [String: Double])
    let mean = accuracies.reduce(0, +) / 3
    #expect(abs(try #require(spread["mean"]) - mean) < 2e-6)
    let squares = accuracies.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    #expect(abs(try #require(spread["standard_deviation"]) - (squares / 2).squareRoot()) < 2e-6)
    // A run of the fold alone is the same, to the byte.
    let alone = try tool.run(["train", "--out", "alone", "--fold", "2/3", "--seed", "4"] + Self.recipe)
    #expect(alone.status == 0, "\(alone.error)")
    #expect(run.differences("alone", "cv/fold-2") == [])
    // Every image once, with the class of the data, in the order of the images.
    let found = try Predictions(tool.folder.path + "/cv/predictions.npz")
    #expect(found.index == Array(0..<60) && found.label == (0..<60).map { $0 % 10 })
    #expect((1...3).map { number in found.fold.count { $0 == number } } == [20, 20, 20])
    // The figures of a fold are those of its run.
    for number in 1...3 {
      let evaluated = try tool.run(
        "evaluate", "cv/fold-\(number)", "--data", "data", "--split", "validation", "--json"
      ).json()
      let places = found.fold.indices.filter { found.fold[$0] == number }
      let right = places.count { place in
        let row = found.probabilities[place * 10..<(place + 1) * 10]
        return (row.firstIndex(of: row.max() ?? 0) ?? 0) - row.startIndex == found.label[place]
      }
      #expect(evaluated["count"] as? Int == 20)
      #expect(abs(try #require(evaluated["accuracy"] as? Double) - Double(right) / 20) < 1e-6, "\(number)")
    }
    let outOfFold = try #require(json["out_of_fold"] as? [String: Any])
    #expect(outOfFold["count"] as? Int == 60)
    #expect(abs(try #require(outOfFold["accuracy"] as? Double) - mean) < 1e-5)
    let rows = try tool.folder.text("cv/predictions.csv").split(separator: "\n")
    #expect(rows.count == 61 && rows[0] == "index,path,label,fold,predicted,probability,label_probability")
    #expect(rows[12].hasPrefix("11,,Trouser,\(found.fold[11]),"))
    #expect(try tool.run("reproduce", "cv/fold-3", "--quiet").status == 0)
  }

  @Test(arguments: ["TERM", "KILL"])
  func aStoppedOneContinuesWithTheSameBytes(signal: String) throws {
    let run = try TinyRun()
    let tool = run.tool
    _ = try crossval(tool, "whole", "--folds", "3")
    let command = (["crossval", "--out", "cut", "--folds", "3"] + Self.recipe).joined(separator: " ")
    // Stopped or killed as soon as the second run has begun; the process that trains it ends when its parent is gone.
    let stopped = try tool.shell(
      "setsid '\(Tool.path)' \(command) & pid=$!; await $pid '[ -e cut/fold-2/config.json ]'; "
        + "kill -\(signal) $pid; wait $pid; status=$?; while pgrep -s $pid > /dev/null; do sleep 0.05; done; exit $status"
    )
    #expect(stopped.status == (signal == "KILL" ? 137 : 143), "\(stopped.error)")
    let hint = "resume with: jacquard crossval --resume cut\n"
    #expect(stopped.error.contains(hint) == (signal == "TERM"), "\(stopped.error)")
    let resumed = try tool.run(["crossval", "--resume", "cut", "--threads", "1", "--json"])
    #expect(resumed.status == 0, "\(resumed.error)")
    for fold in 1...3 { #expect(run.differences("whole/fold-\(fold)", "cut/fold-\(fold)") == [], "\(fold)") }
    for file in Self.files where file != "summary.json" {
      #expect(tool.folder.bytes("whole/\(file)") == tool.folder.bytes("cut/\(file)"), "\(file)")
    }
    let summary = try tool.folder.text("cut/summary.json").replacing("cut", with: "whole")
    #expect(summary == (try tool.folder.text("whole/summary.json")))
    // Once more changes nothing.
    let before = Self.files.map { tool.folder.bytes("cut/\($0)") }
    #expect(try tool.run("crossval", "--resume", "cut", "--folds", "3", "--quiet").status == 0)
    #expect(Self.files.map { tool.folder.bytes("cut/\($0)") } == before)
  }

  @Test func groupsStayInOneFold() throws {
    let tool = try TinyRun().tool
    try tool.folder.write(
      "index,group\n" + (0..<60).map { "\($0),patient \($0 / 4)\n" }.joined(), to: "groups.csv")
    _ = try crossval(tool, "cv", "--folds", "3", "--fold-groups", "groups.csv", "--max-steps", "1")
    let found = try Predictions(tool.folder.path + "/cv/predictions.npz")
    for group in 0..<15 { #expect(Set(found.fold[4 * group..<4 * group + 4]).count == 1, "\(group)") }
    #expect(Set(found.fold) == [1, 2, 3])
  }

  @Test func anEnsembleIsTheMeanOfItsProbabilities() throws {
    let tool = try TinyRun().tool
    _ = try crossval(tool, "cv", "--folds", "3")
    let images = "data/t10k-images-idx3-ubyte"
    func probabilities(_ checkpoint: String, _ flags: String...) throws -> [Float] {
      let outcome = try tool.run(
        ["predict", checkpoint, images, "--data", "data", "--output", "p.npy"] + flags)
      #expect(outcome.status == 0, "\(outcome.error)")
      return try NumPyArray(contentsOf: tool.folder.path + "/p.npy").floats
    }
    let members = try (1...3).map { try probabilities("cv/fold-\($0)") }
    let ensemble = try probabilities("cv", "--ensemble")
    #expect(ensemble.count == 200)
    for place in ensemble.indices {
      let mean = members.reduce(0.0) { $0 + Double($1[place]) } / 3
      #expect(abs(Double(ensemble[place]) - mean) < 1e-6)
    }
    let right = (0..<20).count { image in
      let row = ensemble[image * 10..<(image + 1) * 10]
      return (row.firstIndex(of: row.max() ?? 0) ?? 0) - row.startIndex == image % 10
    }
    let evaluated = try tool.run("evaluate", "cv", "--ensemble", "--data", "data", "--json").json()
    #expect(evaluated["members"] as? Int == 3 && evaluated["count"] as? Int == 20)
    #expect(abs(try #require(evaluated["accuracy"] as? Double) - Double(right) / 20) < 1e-6)
    let loss = (0..<20).reduce(0.0) { $0 - log(Double(ensemble[$1 * 10 + $1 % 10])) } / 20
    #expect(abs(try #require(evaluated["loss"] as? Double) - loss) < 1e-5)
    for (arguments, status, message) in [
      (["evaluate", "cv", "--ensemble", "--split", "validation"], 64, "--ensemble evaluates the test images"),
      (["evaluate", "cv/fold-1", "--ensemble"], 66, "this folder contains no runs"),
      (["predict", "data", images, "--ensemble"], 66, "this folder contains no runs"),
    ] as [([String], Int32, String)] {
      let outcome = try tool.run(arguments + ["--data", "data"])
      #expect(outcome.status == status && outcome.output == "" && outcome.error.contains(message), "\(outcome.error)")
    }
  }

  @Test(
    arguments: [
      (["--folds", "1"], 64, "--folds must be a whole number from 2 to 1000, not '1'."),
      (["--validation", "0.1"], 64, "crossval divides the training images into folds itself; remove validation"),
      (["--fold", "1/3"], 64, "crossval divides the training images into folds itself; remove fold"),
      (["--folds", "61"], 64, "expected at least 61 images, one for each fold, found 60"),
      (["--fold-groups", "none.csv"], 66, "none.csv"),
      (["--pause-after", "1"], 64, "--pause-after stops a single run"),
    ] as [([String], Int32, String)])
  func whatDoesNotFitIsRefusedBeforeAnythingIsWritten(flags: [String], status: Int32, message: String) throws {
    let tool = try TinyRun().tool
    let outcome = try tool.run(["crossval", "--out", "cv"] + Self.recipe + flags)
    #expect(outcome.status == status && outcome.output == "", "\(outcome.error)")
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(!tool.folder.holds("cv"))
  }

  @Test func theFolderKeepsItsSettings() throws {
    let tool = try TinyRun().tool
    _ = try crossval(tool, "cv", "--folds", "2", "--max-steps", "1")
    for (arguments, status, message) in [
      (["--resume", "cv", "--lr", "0.02"], 78, "\"lr\" was 0.01 when these runs began, and is now 0.02"),
      (["--resume", "cv", "--folds", "3"], 78, "there are 2 folds in this folder, not 3"),
      (["--resume", "cv/fold-1"], 66, "this folder contains no cross-validation"),
      (["--out", "cv"] + Self.recipe, 73, "resume it with --resume cv"),
    ] as [([String], Int32, String)] {
      let outcome = try tool.run(["crossval"] + arguments)
      #expect(outcome.status == status && outcome.error.contains(message), "\(outcome.error)")
    }
  }
}
