import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `reproduce --epochs` and `--from-state`.
struct ReproduceEpochsTests {
  private let runs: TinyRun

  init() throws {
    runs = try TinyRun(isInMemory: true)
  }

  private func states(_ name: String) throws -> [String] { try runs.tool.folder.names("\(name)/state") }

  @Test func someEpochsAreTrainedFromTheStateBeforeThem() throws {
    let trained = try runs.begin("run", ["--epochs", "8", "--keep-states", "1"]).json()
    let names = (1...8).map { "epoch-\($0).safetensors" } + ["last.safetensors"]
    #expect(try states("run") == names)
    let last = try runs.expectSame("run", ["--epochs", "7..8"])
    #expect(last["epochs"] as? [String: Int] == ["first": 7, "last": 8])
    #expect(last["steps"] as? [String: Int] == ["first": 18, "last": 24])
    #expect(last["from_state"] as? String == "run/state/epoch-6.safetensors")
    #expect((last["weights_sha256"] as? [String: String])?["now"] == trained["weights_sha256"] as? String)
    #expect((last["metrics"] as? [String: Any])?["epochs"] as? Int == 2)
    let middle = try runs.expectSame("run", ["--epochs", "4..6", "--threads", "1"], compared: "state")
    #expect(middle["file"] as? String == "state/epoch-6.safetensors")
    #expect(middle["weights_sha256"] is NSNull)
    // Parameters, statistics and both moments of Adam.
    #expect((middle["tensors"] as? [String: Any])?["values"] as? Int == 3 * 1058 + 8)
    let first = try runs.expectSame("run", ["--epochs", "1"], compared: "state")
    #expect(first["from_state"] is NSNull)
    #expect(try runs.expectSame("run", ["--epochs", "1..8"])["steps"] as? [String: Int] == ["first": 0, "last": 24])
    let text = try runs.tool.run("reproduce", "run", "--epochs", "7", "--progress", "none")
    #expect(text.error == "training tiny of run again on 45 images: epoch 7, steps 19 to 21\n")
    for line in [
      "from         run/state/epoch-6.safetensors\n",
      "compared     state/epoch-7.safetensors: 20 tensors, 3,182 numbers\n",
      "SHA-256 of   these tensors, sorted by name\n", "metrics.csv  1 row, the same\n",
    ] {
      #expect(text.output.contains(line), "\(text.output)")
    }
  }

  @Test func theFirstEpochsNeedNoState() throws {
    try #require(try runs.begin("run", ["--epochs", "4"]).status == 0)
    #expect(try states("run") == ["last.safetensors"])
    let json = try runs.expectSame("run", ["--epochs", "1..2"], compared: "metrics")
    #expect(json["file"] as? String == "metrics.csv")
    #expect((json["metrics"] as? [String: Any])?["epochs"] as? Int == 2)
    let text = try runs.tool.run("reproduce", "run", "--epochs", "1..2", "--progress", "none")
    #expect(text.output.hasSuffix("metrics.csv  2 rows, the same\nresult       the same to six decimals\n"))
    let rows = try runs.tool.folder.text("run/metrics.csv")
    let second = try #require(rows.split(separator: "\n").first { $0.hasPrefix("2,") })
    let cells = second.split(separator: ",")
    try runs.tool.folder.write(rows.replacing(cells[3], with: "9.000000"), to: "run/metrics.csv")
    let other = try runs.tool.run("reproduce", "run", "--epochs", "1..2")
    #expect(other.status == 3)
    #expect(other.errorLines.contains("epoch 2: its row differs from the one in metrics.csv"), "\(other.error)")
    #expect(
      other.error.contains("jacquard: error: run: epoch 2 has different losses or accuracies; "), "\(other.error)")
    #expect(other.output.contains("metrics.csv  2 rows, differs from epoch 2 on\n"))
    // Equal weights count as equal, regardless of the table.
    let whole = try runs.expectSame("run")
    #expect((whole["metrics"] as? [String: Any])?["first_difference"] as? Int == 2)
    runs.tool.folder.remove("run/metrics.csv")
    let nothing = try runs.reproduce("run", ["--epochs", "1..2"])
    #expect(nothing.error.contains("the result of epoch 2 is not recorded"), "\(nothing.error)")
    #expect(nothing.status == 66)
  }

  @Test func aStateThatWasNotKeptIsMissed() throws {
    try #require(try runs.begin("run", ["--epochs", "6", "--keep-states", "2"]).status == 0)
    #expect(try states("run").dropLast() == [2, 4, 6].map { "epoch-\($0).safetensors" })
    for (range, message) in [
      (
        "4..5",
        "training cannot begin with epoch 4, because the state after epoch 3 is missing; the run kept only the states after "
          + "epochs 2, 4 (train --keep-states); ask for --epochs 3..5, or name the state with --from-state."
      ),
      (
        "2",
        "training cannot begin with epoch 2, because the state after epoch 1 is missing; the run kept no state (train "
          + "--keep-states); ask for --epochs 1..2, or name the state with --from-state."
      ),
    ] {
      let outcome = try runs.reproduce("run", ["--epochs", range])
      #expect(outcome.error == "jacquard: error: run: \(message)\n")
      #expect(outcome.status == 66)
    }
    try runs.expectSame("run", ["--epochs", "3..5"], compared: "metrics")
    try runs.expectSame("run", ["--epochs", "3..4"], compared: "state")
    let beyond = try runs.reproduce("run", ["--epochs", "6..7"])
    #expect(
      beyond.error == "jacquard: error: --epochs 6..7: the run run has 6 epochs; ask for some of them.\n")
    #expect(beyond.status == 64)
  }

  @Test func aStateFromElsewhereServesAsWell() throws {
    try #require(try runs.begin("run", ["--epochs", "4", "--keep-states", "3"]).status == 0)
    // A run that was stopped with the same settings has a state within an epoch.
    let faults = ["FAULT_FOLDER": "part/weights/last", "FAULT_AT": "6", "FAULT_ACTION": "kill"]
    _ = try runs.begin("part", ["--epochs", "4", "--keep-states", "3"], faults: faults)
    let json = try runs.expectSame("run", ["--from-state", "part/state/last.safetensors"])
    #expect(json["steps"] as? [String: Int] == ["first": 4, "last": 12])
    #expect((json["metrics"] as? [String: Any])?["epochs"] as? Int == 3)
    let kept = "run/state/epoch-3.safetensors"
    try runs.expectSame("run", ["--from-state", kept, "--epochs", "4"])
    try runs.expectSame("run", ["--from-state", kept, "--epochs", "4", "--out", "again"])
    #expect(
      try runs.tool.folder.text("again/metrics.csv").split(separator: "\n").dropFirst().map { $0.prefix(2) } == ["4,"])
    // A run that began with a state begins with one again.
    let again = try runs.reproduce("again")
    #expect(again.error.contains("again: the run began after step 9, with another run's state"), "\(again.error)")
    #expect(again.status == 66)
    try runs.expectSame("again", ["--epochs", "4", "--from-state", kept])

    try #require(try runs.begin("other", ["--epochs", "4", "--keep-states", "3", "--seed", "2"]).status == 0)
    for (flags, status, message) in [
      (["--from-state", "nowhere"], Int32(66), "--from-state nowhere: there is no such file; name a state"),
      (["--from-state", "run"], 66, "--from-state run: there is no such file; name a state"),
      (["--from-state", "run/weights/last.safetensors"], 65, "this file does not contain the state of a run"),
      (["--from-state", "tiny.json"], 65, "tiny.json: not an acceptable safetensors file"),
      (
        ["--from-state", kept, "--epochs", "3..4"], 65, "expected the state after epoch 2, found the state after step 9"
      ),
      (
        ["--from-state", "run/state/last.safetensors"], 64,
        "this is the state after step 12, but run ended with step 12; name an earlier state"
      ),
      (
        ["--from-state", "other/state/epoch-3.safetensors"], 65,
        "other/state/epoch-3.safetensors: the state does not belong to the run run: \"seed\" is 2, but 1 in the run"
      ),
      (["--from-state", kept, "--epochs", "5"], 64, "--epochs 5: the run run has 4 epochs"),
      (
        ["--from-state", kept, "--init-from", "other"], 64,
        "--init-from applies only to a run that started from a weights file"
      ),
    ] {
      let outcome = try runs.reproduce("run", flags)
      #expect(outcome.error.contains(message), "\(outcome.error)")
      #expect(outcome.errorLines.count == 1 && outcome.output == "")
      #expect(outcome.status == status, "\(flags)")
    }
  }

  /// A damaged state would look like a different result.
  @Test func aKeptStateThatWasDamagedIsRefused() throws {
    try #require(try runs.begin("run", ["--epochs", "3", "--keep-states", "1"]).status == 0)
    try runs.flipBit(in: "run/state/epoch-2.safetensors")
    for range in ["3", "2", "1..2"] {
      let outcome = try runs.reproduce("run", ["--epochs", range])
      #expect(
        outcome.error.hasPrefix(
          "jacquard: error: run/state/epoch-2.safetensors: the file is damaged:"),
        "\(outcome.error)")
      #expect(outcome.status == 65)
    }
    try runs.expectSame("run")
  }
}
