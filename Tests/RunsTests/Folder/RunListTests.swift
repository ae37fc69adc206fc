import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `runs`: the runs below folders, as they are.
struct RunListTests {
  private let runs: TinyRun
  private var tool: Tool { runs.tool }

  init() throws {
    runs = try TinyRun(isInMemory: true)
  }

  private func list(_ flags: String..., status: Int32 = 0) throws -> [[String: Any]] {
    let outcome = try tool.run(["runs", "all", "--json"] + flags)
    #expect(outcome.status == status, "\(outcome.error)")
    return try #require(try outcome.json()["runs"] as? [[String: Any]])
  }

  private static func names(_ rows: [[String: Any]]) -> [String] {
    rows.compactMap { ($0["run"] as? String).map { String($0.dropFirst("all/".count)) } }
  }

  /// Every file of the folder with its content and its times.
  private func snapshot() throws -> String {
    try tool.shell("find all -printf '%p %T@ %C@ %s\\n' | sort; find all -type f -exec sha256sum {} + | sort").output
  }

  @Test func resultsAreThoseOfTheRunsAndNothingChanges() throws {
    try #require(try runs.begin("all/one", ["--lr", "0.02"]).status == 0)
    try #require(try runs.begin("all/deep/two", ["--no-test", "--batch-size", "30"]).status == 0)
    try #require(try runs.begin("all/deep/three", ["--epochs", "4", "--pause-after", "1"]).status == 0)
    let before = try snapshot()
    let rows = try list()
    #expect(try snapshot() == before)
    #expect(Self.names(rows) == ["deep/three", "deep/two", "one"])
    #expect(rows.map { $0["state"] as? String } == ["stopped", "finished", "finished"])
    #expect(rows.map { $0["ended_by"] as? String } == ["pause_after", "epochs", "epochs"])
    #expect(rows.map { $0["epochs"] as? Int } == [1, 2, 2])
    #expect(rows.map { $0["planned_epochs"] as? Int } == [4, 2, 2])
    #expect(rows.map { $0["steps"] as? Int } == [3, 4, 6])
    #expect(rows.allSatisfy { ($0["seconds"] as? Double ?? 0) > 0 })
    // As in the records.
    let record = try tool.shell("cat all/one/run.json").json()
    let result = try #require(record["result"] as? [String: Any])
    for name in ["train", "validation", "test"] {
      #expect(rows[2][name] as? [String: Double] == result[name] as? [String: Double], "\(name)")
    }
    #expect(rows[1]["test"] is NSNull && rows[0]["test"] is NSNull)
    // Only what differs.
    let settings = try #require(rows[2]["settings"] as? [String: Any])
    #expect(Set(settings.keys) == ["lr", "batch_size", "epochs", "test"])
    #expect(settings["lr"] as? Double == 0.02 && settings["batch_size"] as? Int == 20)

    let table = try tool.run("runs", "all", "--sort", "lr", "--reverse")
    #expect(table.status == 0 && table.error == "")
    let lines = table.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 5)
    let heads = lines[0].split(separator: " ").map(String.init)
    #expect(heads == ["run", "state", "epochs", "accuracy", "loss", "of", "time", "batch_size", "lr", "test"])
    #expect(lines[2].hasPrefix("all/one") && lines[2].contains(" test "))
    #expect(lines.dropFirst(3).allSatisfy { $0.contains(" validation ") })
    #expect(try tool.run("runs", "all", "--sort", "lr", "--reverse").output == table.output)
  }

  @Test func runsWithAProcessAreRunningAndThoseWithoutWereKilled() throws {
    let flags = (TinyRun.recipe + ["--epochs", "100000", "--out", "all/a"]).joined(separator: " ")
    let outcome = try tool.shell(
      """
      '\(Tool.path)' train \(flags) & process=$!
      await $process '[ "$(wc -l < all/a/metrics.csv)" -gt 2 ]' 2>/dev/null
      jacquard runs all --json > running.json
      jacquard train --resume all/a > /dev/null 2> refusal; echo $? >> refusal
      kill -9 $process; wait $process
      jacquard runs all --json > killed.json
      """)
    #expect(outcome.status == 0, "\(outcome.error)")
    for (file, state) in [("running.json", "running"), ("killed.json", "killed")] {
      let text = try tool.folder.text(file)
      let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      let row = try #require((json["runs"] as? [[String: Any]])?.first)
      #expect(row["state"] as? String == state)
      #expect(row["epochs"] as? Int ?? 0 > 1 && row["planned_epochs"] as? Int == 100_000)
      #expect(row["ended"] is NSNull && row["ended_by"] is NSNull && row["error"] is NSNull)
      #expect((row["validation"] as? [String: Double])?["accuracy"] != nil)
    }
    #expect(try tool.folder.text("refusal").contains("is training this run"))
  }

  @Test func aBrokenRunIsARowThatSaysSo() throws {
    try #require(try runs.begin("all/whole").status == 0)
    for (name, damage) in [
      ("json", "echo '{' > run.json"), ("lost", "rm run.json"), ("other", "echo '{}' > run.json"),
      ("rows", "echo 1,2,x >> metrics.csv"), ("settings", "echo '[' > config.json"),
      ("pipe", "rm events.jsonl; mkfifo events.jsonl"), ("link", "rm config.json; ln -s /etc/passwd config.json"),
    ] {
      try #require(try tool.shell("cp -r all/whole all/\(name); cd all/\(name); \(damage)").status == 0)
    }
    // A line that a process is writing is no damage.
    try #require(try tool.shell("cp -r all/whole all/writing; printf 3,9,0.0 >> all/writing/metrics.csv").status == 0)
    let rows = try list(status: 1)
    let broken = rows.filter { $0["state"] as? String == "broken" }
    #expect(Self.names(broken) == ["json", "link", "lost", "other", "pipe", "rows", "settings"])
    for row in broken {
      let (run, error) = (try #require(row["run"] as? String), try #require(row["error"] as? String))
      #expect(error.contains(run) && row["settings"] is [String: Any])
    }
    #expect(rows.first { $0["run"] as? String == "all/writing" }?["epochs"] as? Int == 2)
    let table = try tool.shell("timeout 20 '\(Tool.path)' runs all")
    #expect(table.status == 1)
    #expect(table.error == "jacquard: error: 7 of 9 runs are broken; the first is all/json.\n")
    for row in broken { #expect(table.output.contains(try #require(row["error"] as? String))) }
    // Sorting has a place for them.
    for key in ["state", "started", "epochs", "accuracy", "loss", "seconds", "momentum"] {
      #expect(Self.names(try list("--sort", key, status: 1)).suffix(7).sorted() == Self.names(broken), "\(key)")
    }
  }

  @Test func failedRunsSayWhy() throws {
    try #require(try runs.begin("all/failed").status == 0)
    // As the record of a run that met an error.
    let record = try tool.folder.text("all/failed/run.json").replacing("\"finished\"", with: "\"failed\"")
    try tool.folder.write(
      record.replacing(/"failure": ?null/, with: "\"failure\": \"the disk was full\""), to: "all/failed/run.json")
    let row = try #require(try list().first)
    #expect(row["state"] as? String == "failed" && row["error"] as? String == "the disk was full")
    #expect(try tool.run("runs", "all").output.contains(try #require(row["error"] as? String)))
  }

  @Test func numbersInNamesAreOrderedAsNumbers() throws {
    try #require(try runs.begin("all/run-1").status == 0)
    for name in ["run-10", "run-2", "b", "run-02"] {
      try #require(try tool.shell("cp -r all/run-1 all/\(name)").status == 0)
    }
    #expect(Self.names(try list()) == ["b", "run-1", "run-02", "run-2", "run-10"])
    #expect(Self.names(try list("--reverse")) == ["run-10", "run-2", "run-02", "run-1", "b"])
  }

  /// Links that lead up, the same folder twice, hidden folders, and folders that are no runs.
  @Test func everyRunIsListedOnce() throws {
    try #require(try runs.begin("all/x/run").status == 0)
    try #require(
      try tool.shell(
        "ln -s .. all/x/up; ln -s x all/again; mkdir -p all/.hidden all/empty/er; cp -r all/x/run all/.hidden"
      )
      .status == 0)
    #expect(try list().count == 1)
    let twice = try tool.run("runs", "all/x", "all", "all/x/run", "--json").json()
    #expect((twice["runs"] as? [Any])?.count == 1)
    let empty = try tool.run("runs", "all/empty")
    #expect(empty.status == 0 && empty.output == "" && empty.error == "no runs below all/empty\n")
    #expect(try tool.run("runs", "nothing").status == 66)
    #expect(try tool.run("runs").status == 66)
  }

  @Test func aThousandRunsAreListed() throws {
    try #require(try runs.begin("all/run-1").status == 0)
    try #require(try tool.shell("for i in $(seq 2 1000); do cp -r all/run-1 all/run-$i; done").status == 0)
    let rows = try list()
    #expect(Self.names(rows) == (1...1000).map { "run-\($0)" })
    #expect(rows.allSatisfy { $0["state"] as? String == "finished" })
    #expect(try tool.run("runs", "all").output.split(separator: "\n").count == 1002)
  }
}
