import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// How a run responds to signals and time limits.
///
/// Signals arrive in the middle of a chosen call, so that nothing depends on how fast the machine is.
struct StopTests {
  private let runs: TinyRun

  init() throws {
    runs = try TinyRun(isInMemory: true)
  }

  /// The `number`-th time that the weights are flushed to the disk and renamed: first before all steps, then once for each of three steps and once
  /// for the epoch.
  private func arriving(_ signals: String, atSave number: Int, of name: String) -> [String: String] {
    // Each save replaces the file once.
    ["FAULT_FOLDER": "\(name)/weights/last", "FAULT_AT": "\(number)", "FAULT_ACTION": "raise:\(signals)"]
  }

  @Test(arguments: [("2", Int32(130)), ("15", 143)])
  func aRequestToStopFinishesTheStepAndSaves(signal: String, status: Int32) throws {
    _ = try runs.begin("whole")
    // Save 2 is that of step 1, so the request takes effect after step 2; save 4 is that of the epoch's last step.
    for (save, step) in [(1, 1), (2, 2), (3, 3), (4, 3), (5, 3), (6, 5), (8, 6), (9, 6)] {
      let outcome = try runs.begin("run", faults: arriving(signal, atSave: save, of: "run"))
      #expect(outcome.status == status, "save \(save)")
      #expect(
        outcome.error == "jacquard: stopped after step \(step); resume with: jacquard train --resume run\n",
        "save \(save)")
      #expect(try runs.savedStep("run") == step, "save \(save)")
      #expect(try runs.tool.json("run/run.json")["status"] as? String == "stopped")
      #expect(try runs.tool.json("run/run.json")["ended_by"] as? String == "signal")
      #expect(try outcome.json()["test"] is NSNull)
      #expect(try outcome.json()["steps"] as? Int == step)
      let resumed = try runs.resume("run")
      #expect(resumed.status == 0)
      #expect(try resumed.json()["test"] is [String: Any])
      #expect(runs.differences("whole", "run") == [], "save \(save)")
      runs.tool.folder.remove("run")
    }
  }

  /// A request that arrives with the save of an epoch's last step is seen before the evaluation begins.
  @Test func anEvaluationThatIsStoppedIsDoneAgain() throws {
    let outcome = try runs.begin("run", faults: arriving("2", atSave: 4, of: "run"))
    #expect(outcome.status == 130)
    #expect(try runs.tool.folder.text("run/metrics.csv").split(separator: "\n").count == 1, "there is no row yet")
    #expect(!runs.tool.folder.holds("run/weights/best.safetensors"))
    #expect(try runs.resume("run").status == 0)
  }

  @Test func aSecondRequestEndsTheProcessAtOnce() throws {
    _ = try runs.begin("whole")
    let outcome = try runs.begin("run", faults: arriving("2,15", atSave: 3, of: "run"))
    #expect(outcome.status == 143)
    #expect(outcome.error == "")
    #expect(outcome.output == "")
    #expect(try runs.tool.json("run/run.json")["status"] as? String == "running", "nothing was finished")
    #expect(try runs.resume("run").status == 0)
    #expect(runs.differences("whole", "run") == [])
  }

  /// 10 is SIGUSR1, 1 is SIGHUP.
  @Test(arguments: ["10", "1", "1,10,10"])
  func aRequestToSaveIsAnsweredAndTheRunGoesOn(signals: String) throws {
    let rarely = ["--save-every", "1000"]
    _ = try runs.begin("whole", rarely)
    func saves(_ name: String) throws -> Int {
      try runs.tool.folder.text("\(name).log").split(separator: "\n").count { $0.hasPrefix("rename") }
    }
    for (name, extra) in [("plain", [:]), ("run", arriving(signals, atSave: 1, of: "run"))] {
      var faults = extra
      faults["FAULT_FOLDER"] = "\(name)/weights/last"
      faults["FAULT_LOG"] = "\(runs.tool.folder.path)/\(name).log"
      #expect(try runs.begin(name, rarely, faults: faults).status == 0)
      #expect(runs.differences("whole", name) == [])
    }
    #expect(try saves("plain") == 3)
    #expect(try saves("run") == 4)
  }

  /// This much time is over after each step.
  @Test func secondsBetweenSavesCount() throws {
    _ = try runs.begin("whole")
    for (interval, saves) in [("0.000001s", 9), ("1h", 3)] {
      let log = runs.tool.folder.path + "/\(interval).log"
      let outcome = try runs.begin(
        interval, ["--save-every", interval], faults: ["FAULT_FOLDER": "\(interval)/state/last", "FAULT_LOG": log])
      #expect(outcome.status == 0)
      // At the beginning and after both epochs, and after each of six steps.
      #expect(try runs.tool.folder.text("\(interval).log").split(separator: "\n").count == saves)
      #expect(runs.differences("whole", interval) == [])
    }
  }

  /// The evaluation of this network takes so long that waiting for its end would be noticed. First comes a request to save, which the evaluation of
  /// an epoch answers, but which an evaluation of test images need not answer.
  @Test(arguments: [("HUP", "INT", 130), ("USR1", "TERM", 143)])
  func evaluationsListen(save: String, stop: String, status: Int) throws {
    let layers = Array(
      repeating: #"{"type": "conv2d", "output_channels": 32, "kernel_size": 5, "padding": 2}"#, count: 3)
    try runs.tool.folder.write(
      #"{"name": "slow", "input_shape": [28, 28, 1], "layers": ["# + layers.joined(separator: ",")
        + #", {"type": "global_average_pool"}, {"type": "dense", "output_features": 10}]}"#, to: "slow.json")
    try SmallData.write(in: runs.tool.folder, folder: "large", training: 2010, test: 2000)
    // With plain loops, 2,000 images take minutes and 32 take seconds: the limit applies to processor time.
    let outcome = try runs.tool.shell(
      """
      ulimit -t 60
      for run in validation test; do
        [ $run = validation ] && flags="--validation 2000" || flags="--max-train 10"
        '\(Tool.path)' train --model slow.json --data large --out $run --algorithm naive --gemm naive --epochs 1 --batch-size 10 \
          --threads 1 --save-every 1 --quiet --json $flags > $run.json & process=$!
        await $process 'grep -qs step...1, $run/state/last.safetensors'
        [ $run = validation ] || await $process 'grep -q \\"epoch\\" $run/events.jsonl'
        before=$(stat -c %i $run/state/last.safetensors); kill -\(save) $process
        [ $run = test ] || await $process '[ $before != $(stat -c %i $run/state/last.safetensors) ]'
        kill -\(stop) $process; wait $process; echo $run $?
      done
      """)
    #expect(outcome.output == "validation \(status)\ntest \(status)\n", "\(outcome.error)")
    for name in ["validation", "test"] {
      let result = try JSONSerialization.jsonObject(with: Data(try runs.tool.folder.text("\(name).json").utf8))
      #expect((result as? [String: Any])?["test"] is NSNull)
    }
    #expect(try runs.tool.folder.text("validation/metrics.csv").split(separator: "\n").count == 1)
    #expect(try runs.tool.folder.text("test/metrics.csv").split(separator: "\n").count == 2)
  }

  @Test func aRunThatItsTimeHasEndedGoesOn() throws {
    _ = try runs.begin("whole")
    let outcome = try runs.begin("run", ["--max-time", "0.000001s"])
    #expect(outcome.status == 0)
    #expect(try outcome.json()["steps"] as? Int == 1)
    #expect(try outcome.json()["test"] is [String: Any])
    #expect(try runs.tool.folder.text("run/metrics.csv").contains("\n1,1,"))
    #expect(try runs.tool.json("run/run.json")["ended_by"] as? String == "max_time")
    var steps = 1
    while try runs.resume("run").json()["steps"] as? Int == steps + 1, steps < 6 { steps += 1 }
    #expect(steps == 6, "one step each time")
    #expect(try runs.tool.json("run/run.json")["status"] as? String == "finished")
    #expect(runs.differences("whole", "run") == [])
    #expect(try runs.resume("run").status == 0)
  }

  @Test func earlyStoppingEndsARunThatDoesNotImprove() throws {
    // With a rate close to zero, the first score is the best one.
    let flags = ["--epochs", "50", "--lr", "1e-30", "--early-stopping", "3", "--augment", "none"]
    let whole = try runs.begin("whole", flags)
    #expect(whole.status == 0)
    #expect(try whole.json()["epochs"] as? Int == 4)
    #expect(try runs.tool.json("whole/run.json")["status"] as? String == "finished")
    #expect(try runs.tool.json("whole/run.json")["ended_by"] as? String == "early_stopping")
    let best = try SafetensorsSurgery.metadata(try #require(runs.tool.folder.bytes("whole/weights/best.safetensors")))
    #expect(best["jacquard.provenance"]?.contains(#""epoch":1,"step":3,"#) == true)
    #expect(try runs.resume("whole").output == whole.output, "there is nothing to resume")
    // Interrupted after the last epoch, before the run had reported its end.
    _ = try runs.begin(
      "run", flags, faults: ["FAULT_FOLDER": "run/weights/last", "FAULT_AT": "17", "FAULT_ACTION": "kill"])
    #expect(try runs.tool.json("run/run.json")["status"] as? String == "running")
    #expect(try runs.savedStep("run") == 12)
    #expect(try runs.resume("run").json()["epochs"] as? Int == 4)
    #expect(runs.differences("whole", "run") == [])
  }

  /// The ways in which a run may end after its first epoch, which is its best one because the rate is close to zero.
  @Test(arguments: [
    ("steps", Int32(0)), ("signal", 130), ("kill", 128 + SIGKILL), ("disk", 73), ("patience", 0),
  ])
  func theBestWeightsStayWhateverEndsTheRun(end: String, status: Int32) throws {
    var flags = ["--epochs", "4", "--lr", "1e-30", "--augment", "none"]
    var faults: [String: String] = [:]
    switch end {
    // In the middle of the second epoch.
    case "steps": flags += ["--max-steps", "5"]
    case "signal": faults = arriving("2", atSave: 6, of: "run")
    case "patience": flags += ["--early-stopping", "1"]
    default:
      faults = arriving("", atSave: 7, of: "run")
      faults["FAULT_ACTION"] = end == "kill" ? "kill" : "\(ENOSPC)"
    }
    #expect(try runs.begin("run", flags, faults: faults).status == status)
    let file = try #require(runs.tool.folder.bytes("run/weights/best.safetensors"))
    #expect(try SafetensorsSurgery.metadata(file)["jacquard.provenance"]?.contains(#""epoch":1,"step":3,"#) == true)
    let row = try #require(try runs.tool.folder.text("run/metrics.csv").split(separator: "\n").dropFirst().first)
    let cells = row.split(separator: ",").compactMap { Double($0) }
    let outcome = try runs.tool.run(
      "evaluate", "run/weights/best.safetensors", "--data", "data", "--split", "validation", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json()["count"] as? Int == 15)
    #expect(abs(try #require(outcome.json()["accuracy"] as? Double) - cells[6]) < 1e-6)
  }

  @Test func aReaderThatHasGoneAwayHarmsNothing() throws {
    let flags = TinyRun.recipe.joined(separator: " ")
    let outcome = try runs.tool.shell(
      "(jacquard train --out run \(flags); echo \"exit $?\" >&2) | true; jacquard train --out other \(flags) 2> >(true) | wc -l"
    )
    #expect(outcome.error == "exit 0\n")
    #expect(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines) == "1")
    #expect(try runs.tool.json("run/run.json")["status"] as? String == "finished")
    #expect(runs.differences("run", "other") == [])
  }
}
