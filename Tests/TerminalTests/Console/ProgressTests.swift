import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// The output of a training run while it runs.
struct ProgressTests {
  private let flags = "--model lenet --data data --epochs 2 --out run --batch-size 20"

  private func tool(environment: [String: String] = [:]) throws -> Tool {
    let tool = try Tool(environment: environment)
    try SmallData.write(in: tool.folder)
    return tool
  }

  @Test func awayFromATerminalThereIsOnePlainLinePerEpoch() throws {
    let outcome = try tool().shell("jacquard train \(flags)")
    #expect(outcome.status == 0)
    // In the end, what to do next.
    #expect(outcome.errorLines.count == 5 && outcome.errorLines[3].hasPrefix("next: jacquard evaluate "))
    #expect(outcome.errorLines[0] == "training lenet on 200 images in run")
    for (line, epoch) in zip(outcome.errorLines.dropFirst(), 1...2) {
      let pattern = /epoch (\d)\/2  train loss \d\.\d{4} accuracy \d\.\d{4}  [\d,]+ images\/s  \d+\.\d s/
      let match = try #require(line.wholeMatch(of: pattern), "\(line)")
      #expect(match.1 == String(epoch))
    }
    #expect(!outcome.error.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    #expect(outcome.output.hasPrefix("run      run\nmodel    lenet, 61,706 parameters\n"), "\(outcome.output)")
  }

  @Test func quietPrintsTheResultOnly() throws {
    let outcome = try tool().shell("jacquard train \(flags) --quiet --json")
    #expect(outcome.error == "")
    #expect(try outcome.json()["epochs"] as? Int == 2)
  }

  @Test func noProgressLeavesTheNote() throws {
    let outcome = try tool().shell("jacquard train \(flags) --progress none")
    #expect(outcome.errorLines.first == "training lenet on 200 images in run")
    #expect(outcome.errorLines.dropFirst().allSatisfy { $0.contains("jacquard ") })
  }

  @Test(arguments: [("--batch-size 128", true), ("--batch-size 128 --max-steps 4", false), ("--batch-size 16", false)])
  func aTrainingOfFewStepsSuggestsSmallerBatches(flags: String, isAdvised: Bool) throws {
    let outcome = try tool().shell("jacquard train --model lenet --data data --epochs 2 --out run \(flags)")
    #expect(outcome.status == 0)
    let advice =
      "the training has only 4 steps of up to 128 images; it probably learns more with smaller batches, such as --batch-size 16, or more epochs"
    #expect(outcome.errorLines.contains { $0 == advice } == isAdvised)
  }

  @Test func aTerminalGetsABarThatIsRewritten() throws {
    // `script` gives the command a terminal; the result goes elsewhere.
    let outcome = try tool().shell("script -qec \"stty cols 100; \(Tool.path) train \(flags) > result\" /dev/null")
    let shown = outcome.output
    #expect(shown.contains("\repoch 1/2  ["), "\(shown.debugDescription)")
    #expect(shown.contains("\u{1B}[K"))
    // At the end of an epoch long enough to show a bar, the epoch's line replaces it.
    let last =
      shown.split(whereSeparator: { $0 == "\r" || $0 == "\n" || $0 == "\r\n" }).last { !$0.contains("jacquard ") } ?? ""
    #expect(last.replacing("\u{1B}[K", with: "").hasPrefix("epoch 2/2  train loss"), "\(shown.debugDescription)")
    for text in shown.split(whereSeparator: { $0 == "\r" || $0 == "\n" || $0 == "\r\n" }) where text.contains("[=") {
      let visible = text.replacing(/\u{1B}\[[0-9;]*[mK]/, with: "")
      #expect(visible.count < 100)
    }
  }

  @Test func aDumbTerminalGetsPlainLines() throws {
    let outcome = try tool(environment: ["TERM": "dumb"])
      .shell("script -qec \"\(Tool.path) train \(flags) > result\" /dev/null")
    #expect(!outcome.output.contains("\u{1B}"))
    #expect(outcome.output.contains("epoch 2/2  train loss"))
  }

  @Test(arguments: [("INT", Int32(130)), ("TERM", 143)])
  func aSignalFinishesTheStepAndWritesTheWeights(signal: String, status: Int32) throws {
    let tool = try tool()
    let outcome = try tool.shell(
      """
      ulimit -t 60
      '\(Tool.path)' train --model lenet --data data --epochs 100000 --out run --json & process=$!
      await $process '[ -s run/metrics.csv ] && [ "$(wc -l < run/metrics.csv)" -gt 2 ]'
      kill -\(signal) $process; wait $process
      """)
    #expect(outcome.status == status, "\(outcome.error)")
    #expect(try tool.json("run/run.json")["status"] as? String == "stopped")
    #expect(
      outcome.error.split(separator: "\n").last?.wholeMatch(
        of: /jacquard: stopped after step \d+; resume with: jacquard train --resume run/) != nil, "\(outcome.error)")
    let json = try outcome.json()
    let hash = try tool.shell("sha256sum run/weights/last.safetensors").output.prefix(64)
    #expect(json["weights_sha256"] as? String == String(hash))
    #expect(json["test"] is NSNull)
    let events = try tool.folder.text("run/events.jsonl").split(separator: "\n")
    #expect(events.last?.hasPrefix(#"{"event":"stop","#) == true)
    // The written files can be used.
    let evaluation = try tool.run("evaluate", "run", "--data", "data", "--json")
    #expect(evaluation.status == 0, "\(evaluation.error)")
  }

  @Test func aClosedStandardErrorDoesNotLeakIntoTheRun() throws {
    // A file opened by the program must not get the number of the closed stream, or progress would be written into it.
    let tool = try tool()
    let outcome = try tool.shell("jacquard train \(flags) --json 0<&- 2>&-")
    #expect(outcome.status == 0)
    #expect(try outcome.json()["epochs"] as? Int == 2)
    let rows = try tool.folder.text("run/metrics.csv").split(separator: "\n")
    #expect(rows.map { $0.prefix(2) } == ["ep", "1,", "2,"])
    #expect(try tool.folder.text("run/events.jsonl").split(separator: "\n").allSatisfy { $0.hasPrefix("{\"event\":") })
  }

  /// ThreadSanitizer writes its own files, which the limit would truncate.
  @Test(.enabled(if: Sanitizer.current != .thread))
  func aFullDiskEndsTheRunInOneLine() throws {
    let tool = try tool()
    // A limit on file sizes acts as a full disk: the weights are larger, everything else is smaller.
    let outcome = try tool.shell("ulimit -f 64; trap '' XFSZ; jacquard train \(flags) --quiet")
    #expect(outcome.output == "")
    #expect(outcome.errorLines.count == 1)
    #expect(
      outcome.error.contains("run/state/last.safetensors: cannot write the file: File too large"), "\(outcome.error)")
    #expect(outcome.status == 74)
    let record = try tool.json("run/run.json")
    #expect(record["status"] as? String == "failed")
    #expect((record["failure"] as? String)?.contains("File too large") == true)
    #expect(try tool.folder.names("run/weights").isEmpty)
    #expect(try tool.folder.names("run/state").isEmpty)
  }
}
