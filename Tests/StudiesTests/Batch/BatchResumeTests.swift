import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// Batches that are killed, stopped, or run out of disk space, and continue.
struct BatchResumeTests {
  private let table = ["--data", "data", "--output", "table.csv", "--quiet"]

  private func with(_ many: ManyCheckpoints, _ faults: [String: String]) -> Tool {
    var tool = many.tool
    tool.environment = faults
    tool.environment["LD_PRELOAD"] = TinyRun.faultLibrary
    return tool
  }

  /// Each checkpoint once, in the right state, and nothing else.
  private func expectWhole(_ many: ManyCheckpoints, count: Int, broken: Int) throws {
    let rows = try many.rows("table.csv")
    #expect(rows.count == count)
    #expect(Set(rows.compactMap { $0["checkpoint"] }).count == count)
    for row in rows {
      let number = try #require(row["checkpoint"].flatMap { Int($0.filter(\.isNumber)) }) - 1000
      #expect(row["status"] == (number % broken == broken - 1 ? "failed" : "ok"), "\(row)")
    }
  }

  @Test(arguments: [[], ["--jobs", "2"]])
  func twoHundredCheckpointsSurviveKills(jobs: [String]) throws {
    let many = try ManyCheckpoints(200, broken: 9)
    // A row takes two calls: it is written, half of it by a process that dies in this call, and flushed to the disk.
    for call in [41, 52, 3, 92, 61] {
      let died = try with(many, ["FAULT_FOLDER": "table.csv", "FAULT_AT": "\(call)", "FAULT_ACTION": "kill"])
        .run(["batch", "many"] + table + jobs + ["--resume"])
      #expect(died.status == 128 + SIGKILL)
    }
    let last = try many.tool.run(["batch", "many"] + table + jobs + ["--resume", "--json"])
    #expect(last.status == 1, "\(last.error)")
    #expect(try #require(try last.json()["kept"] as? Int) >= 100)
    try expectWhole(many, count: 200, broken: 9)
    let before = try many.tool.folder.text("table.csv")
    #expect(try many.tool.run(["batch", "many"] + table + ["--resume"]).status == 1)
    #expect(try many.tool.folder.text("table.csv") == before, "there is nothing left to do")
  }

  /// The process dies in every call that changes the table, with half of a line written if it writes.
  @Test func noCallThatChangesTheTableLosesARow() throws {
    let many = try ManyCheckpoints(4, broken: 4)
    let log = many.tool.folder.path + "/log"
    _ = try with(many, ["FAULT_FOLDER": "table.csv", "FAULT_LOG": log]).run(["batch", "many"] + table)
    let calls = try many.tool.folder.text("log").split(separator: "\n").count
    #expect(calls >= 11, "the header and four rows, each written and brought to the disk")
    for number in 1...calls {
      many.tool.folder.remove("table.csv")
      let died = try with(many, ["FAULT_FOLDER": "table.csv", "FAULT_AT": "\(number)", "FAULT_ACTION": "kill"])
        .run(["batch", "many"] + table)
      #expect(died.status == 128 + SIGKILL)
      #expect(try many.tool.run(["batch", "many"] + table + ["--resume"]).status == 1)
      try expectWhole(many, count: 4, broken: 4)
    }
  }

  @Test(arguments: ["table.csv", "table.jsonl"])
  func aTornLineIsCutOff(name: String) throws {
    let many = try ManyCheckpoints(3)
    let arguments = ["batch", "many", "--data", "data", "--output", name, "--quiet"]
    #expect(try many.tool.run(arguments).status == 0)
    let whole = try many.tool.folder.text(name).split(separator: "\n").map { $0 + "\n" }
    for cut in [1, 5, 60] {
      try many.tool.folder.write(whole.joined().dropLast(cut).description, to: name)
      #expect(try many.tool.run(arguments + ["--resume"]).status == 0)
      let lines = try many.tool.folder.text(name).split(separator: "\n").map { $0 + "\n" }
      #expect(lines.dropLast() == whole.dropLast())
      #expect(lines.last?.contains("1002.safetensors") == true)
    }
  }

  @Test(arguments: [[], ["--jobs", "2"]])
  func aFullDiskEndsTheBatchAndKeepsWholeRows(jobs: [String]) throws {
    let many = try ManyCheckpoints(6, broken: 6)
    let faults = ["FAULT_FOLDER": "table.csv", "FAULT_AT": "8", "FAULT_ACTION": "\(ENOSPC)", "FAULT_STICKY": "1"]
    let full = try with(many, faults).run(["batch", "many"] + table + jobs)
    #expect(full.status == 74)
    #expect(full.error.hasPrefix("jacquard: error: table.csv: cannot "), "\(full.error)")
    #expect(full.error.contains("No space left on device"))
    #expect(full.errorLines.count == 1)
    let resumed = try many.tool.run(["batch", "many"] + table + jobs + ["--resume"])
    #expect(resumed.status == 1, "\(resumed.error)")
    try expectWhole(many, count: 6, broken: 6)
  }

  @Test(arguments: zip([SIGINT, SIGTERM, SIGINT, SIGTERM], [[], [], ["--jobs", "2"], ["--jobs", "2"]]))
  func aRequestToStopKeepsWhatIsDone(signal: Int32, jobs: [String]) throws {
    let many = try ManyCheckpoints(8, broken: 8)
    // The signal arrives while the second row is written.
    let faults = ["FAULT_FOLDER": "table.csv", "FAULT_AT": "8", "FAULT_ACTION": "raise:\(signal)"]
    let stopped = try with(many, faults).run(["batch", "many"] + table + jobs)
    #expect(stopped.status == 128 + signal)
    let rows = try many.rows("table.csv").count
    #expect(rows >= 2 && rows < 8)
    #expect(
      stopped.error == "jacquard: stopped after \(rows) of 8 rows; continue with --resume --output table.csv\n")
    #expect(try many.tool.run(["batch", "many"] + table + ["--resume"]).status == 1)
    try expectWhole(many, count: 8, broken: 8)
  }

  @Test func rowsThatFailedAreTriedAgainOnRequest() throws {
    let many = try ManyCheckpoints(3, broken: 3)
    #expect(try many.tool.run(["batch", "many"] + table).status == 1)
    let bytes = try #require(many.tool.folder.bytes("run/weights/last.safetensors"))
    // A broken file stays broken until it is replaced, which gives another row.
    let before = try many.tool.folder.text("table.csv")
    #expect(try many.tool.run(["batch", "many"] + table + ["--resume"]).status == 1)
    #expect(try many.tool.folder.text("table.csv") == before)
    try many.tool.folder.write(bytes, to: "many/1002.safetensors")
    let outcome = try many.tool.run(["batch", "many"] + table + ["--resume", "--retry-failed", "--json"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json()["kept"] as? Int == 2)
    let rows = try many.rows("table.csv")
    #expect(rows.map { $0["status"] } == ["ok", "ok", "ok"])
  }

  @Test func otherWeightsOfTheSameNameAreAnotherRow() throws {
    let many = try ManyCheckpoints(2)
    #expect(try many.tool.run(["batch", "many"] + table).status == 0)
    try many.tool.folder.write(
      try #require(many.tool.folder.bytes("run/weights/last.safetensors")), to: "many/1001.safetensors")
    #expect(try many.tool.run(["batch", "many"] + table + ["--resume", "--json"]).json()["kept"] as? Int == 1)
    let rows = try many.rows("table.csv")
    #expect(rows.map { $0["checkpoint"]?.suffix(16) } == ["1000.safetensors", "1001.safetensors", "1001.safetensors"])
    #expect(Set(rows.map { $0["weights_sha256"] }).count == 3)
    // Other views of the same images also give other rows.
    #expect(try many.tool.run(["batch", "many", "--tta", "flip"] + table + ["--resume"]).status == 0)
    #expect(try many.rows("table.csv").count == 5)
  }

  /// A pipe without a writer is a checkpoint that takes forever.
  @Test func whatTakesTooLongIsGivenUp() throws {
    let many = try ManyCheckpoints(1)
    let outcome = try many.tool.shell(
      "ulimit -t 60; mkfifo endless; jacquard batch endless --timeout 1s \(table.joined(separator: " "))")
    #expect(outcome.status == 1)
    let row = try #require(try many.rows("table.csv").first)
    #expect(row["status"] == "timeout" && row["exit_code"] == "1")
    #expect(row["error"] == "the evaluation exceeded --timeout 1s")
  }

  @Test func aWorkerThatDiesCostsItsRowOnly() throws {
    let many = try ManyCheckpoints(3)
    try FileManager.default.createDirectory(
      atPath: many.tool.folder.path + "/probabilities", withIntermediateDirectories: false)
    // Workers write into this folder, the batch itself does not; the fourth call is within the second file.
    let faults = ["FAULT_FOLDER": "probabilities/", "FAULT_AT": "6", "FAULT_ACTION": "kill"]
    let outcome = try with(many, faults).run(
      ["batch", "many", "--predictions", "probabilities", "--jobs", "1"] + table)
    #expect(outcome.status == 1)
    let rows = try many.rows("table.csv")
    #expect(rows.map { $0["status"] } == ["ok", "failed", "ok"])
    #expect(rows[1]["error"] == "the worker process was killed by signal 9" && rows[1]["exit_code"] == "70")
  }

  /// A dead process gives up its place in the pool; the other process keeps the work that it has begun.
  @Test func aWorkerThatDiesLeavesTheItemsOfOthersAlone() throws {
    let many = try ManyCheckpoints(3)
    try FileManager.default.createDirectory(
      atPath: many.tool.folder.path + "/probabilities", withIntermediateDirectories: false)
    _ = try many.tool.shell("mkfifo endless")
    // The first process dies within its second file, while the second one waits for the pipe.
    let faults = ["FAULT_FOLDER": "probabilities/", "FAULT_AT": "6", "FAULT_ACTION": "kill"]
    let outcome = try with(many, faults).run(
      ["batch", "many/1000.safetensors", "endless", "many/1001.safetensors", "many/1002.safetensors"]
        + ["--predictions", "probabilities", "--jobs", "2", "--timeout", "10s"] + table)
    #expect(outcome.status == 1)
    let rows = try many.rows("table.csv")
    #expect(rows.count == 4, "each checkpoint once")
    let states = Dictionary(rows.map { ($0["checkpoint"] ?? "", $0["status"] ?? "") }) { first, _ in first }
    #expect(
      states == [
        "many/1000.safetensors": "ok", "many/1001.safetensors": "failed", "many/1002.safetensors": "ok",
        "endless": "timeout",
      ])
  }

  /// One process waits for a pipe until its time is over; the other does all the remaining work.
  @Test func whatIsGivenUpDoesNotHoldUpTheOthers() throws {
    let many = try ManyCheckpoints(3)
    _ = try many.tool.shell("mkfifo endless")
    let outcome = try many.tool.run(["batch", "endless", "many", "--jobs", "2", "--timeout", "10s"] + table)
    #expect(outcome.status == 1)
    let rows = try many.rows("table.csv")
    #expect(rows.count == 4)
    for row in rows { #expect(row["status"] == (row["checkpoint"] == "endless" ? "timeout" : "ok"), "\(row)") }
  }

  @Test func workersEndWithTheirBatch() throws {
    let many = try ManyCheckpoints(0)
    let outcome = try many.tool.shell(
      """
      ulimit -t 60; mkfifo endless
      '\(Tool.path)' batch endless --jobs 1 --data data --output table.csv & process=$!
      await $process 'worker=$(cat /proc/$process/task/*/children) && [ -n "$worker" ]'
      kill -9 $process; wait $process 2> /dev/null
      while kill -0 $worker 2> /dev/null && ! grep -q '^State:.Z' /proc/$worker/status; do sleep 0.01; done
      echo gone
      """)
    #expect(outcome.output == "gone\n")
  }

  @Test func aTableBelongsToOneBatchAtATime() throws {
    let many = try ManyCheckpoints(1)
    let outcome = try many.tool.shell(
      """
      ulimit -t 60; mkfifo endless
      '\(Tool.path)' batch many endless --jobs 2 \(table.joined(separator: " ")) & process=$!
      await $process '[ -f table.csv ] && [ $(wc -l < table.csv) -eq 2 ]'
      jacquard batch many --resume \(table.joined(separator: " ")); echo $?
      kill $process; wait $process; echo $?
      """)
    #expect(
      outcome.output
        == "73\nrows   1 of 2: 1 ok, 0 failed\nbest   many/1000.safetensors, test: \(try accuracy(many))\ntable  table.csv\n143\n"
    )
    #expect(outcome.error.contains("table.csv: another batch is writing to this file; wait until it ends"))
  }

  private func accuracy(_ many: ManyCheckpoints) throws -> String {
    let accuracy = try #require(try many.rows("table.csv").first?["accuracy"].flatMap { Double($0) })
    return String(format: "%.2f %%", accuracy * 100)
  }
}
