import CommandTestSupport
import Foundation
import Interchange
import NumPy
import TestSupport
import Testing

/// The output of `batch`.
struct BatchTests {
  private static let header =
    "checkpoint,weights_sha256,data,data_sha256,split,tta,status,exit_code,error,model,members,parameters,images,loss,accuracy,"
    + "accuracy_low,accuracy_high,top3,macro_f1,expected_calibration_error,seconds,images_per_second,predictions,ended"

  /// Each worker is refused for the same reason, which is the batch's, not a row's.
  @Test(.enabled(if: Sanitizer.current == nil, "a sanitizer needs more addresses"))
  func aRefusalOfTheWorkersIsReportedOnce() throws {
    let many = try ManyCheckpoints(3, broken: 3)
    let outcome = try many.tool.shell(
      "export OPENBLAS_NUM_THREADS=1; ulimit -v 400000; "
        + "jacquard batch run many --data data --output t.csv --jobs 2 --threads 2 --quiet")
    #expect(outcome.status == 78, "\(outcome.error)")
    #expect(outcome.errorLines.count == 1, "\(outcome.error)")
    #expect(outcome.error.contains("a limit on memory (ulimit -v)"), "\(outcome.error)")
    #expect(try many.tool.folder.text("t.csv").split(separator: "\n").count == 1)
  }

  @Test func rowsHoldTheFiguresOfEvaluate() throws {
    let many = try ManyCheckpoints(3, broken: 3)
    let outcome = try many.tool.run(
      "batch", "run", "many", "--data", "data", "--split", "test", "--split", "validation", "--output", "table.csv",
      "--quiet")
    #expect(outcome.status == 1)
    #expect(outcome.error.hasPrefix("jacquard: error: 2 of 8 rows failed: many/1002.safetensors and 1 more: many/1002"))
    #expect(outcome.output.hasPrefix("rows   8 of 8: 6 ok, 2 failed\nbest   "), "\(outcome.output)")
    #expect(try many.tool.folder.text("table.csv").hasPrefix(Self.header + "\n"))
    let rows = try many.rows("table.csv")
    #expect(rows.map { $0["split"] } == Array(repeating: ["test", "validation"], count: 4).joined().map(\.self))
    #expect(rows.map { $0["status"] } == Array(repeating: "ok", count: 6) + ["failed", "failed"])
    #expect(rows.map { $0["exit_code"] } == Array(repeating: "0", count: 6) + ["65", "65"])
    for row in rows.prefix(6) {
      let evaluated = try many.tool.run(
        "evaluate", try #require(row["checkpoint"]), "--data", "data", "--split", try #require(row["split"]), "--json"
      ).json()
      func number(_ column: String) -> Double? { row[column].flatMap { Double($0) } }
      for (column, key) in [("images", "count"), ("loss", "loss"), ("accuracy", "accuracy"), ("top3", "top3")] {
        #expect(number(column) == evaluated[key] as? Double, "\(column)")
      }
      let interval = try #require(evaluated["accuracy_interval"] as? [Double])
      #expect([number("accuracy_low"), number("accuracy_high")] == interval)
      let macro = evaluated["macro"] as? [String: Double]
      #expect(number("macro_f1") == macro?["f1"])
      #expect(row["model"] == "tiny" && row["members"] == "1" && row["error"] == "" && row["predictions"] == "")
    }
    let broken = rows[6]
    #expect(broken["error"]?.hasPrefix("many/1002.safetensors: not an acceptable safetensors file") == true)
    #expect(broken["accuracy"] == "" && broken["loss"] == "")
    let sum = try many.tool.shell("sha256sum many/1002.safetensors").output.prefix(64)
    #expect(broken["weights_sha256"].map { $0[...] } == sum)
  }

  @Test func standardOutputTakesTheRowsToo() throws {
    let many = try ManyCheckpoints(2)
    let csv = try many.tool.run("batch", "many/*", "--data", "data")
    #expect(csv.status == 0)
    #expect(csv.error == "")
    #expect(csv.output.split(separator: "\n").count == 3)
    #expect(csv.output.hasPrefix(Self.header + "\nmany/1000.safetensors,"))
    let json = try many.tool.run("batch", "many", "--data", "data", "--json")
    let lines = json.output.split(separator: "\n")
    #expect(lines.count == 2)
    for line in lines {
      let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(Set(row.keys) == Set(Self.header.split(separator: ",").map(String.init) + ["schema"]))
      #expect(row["schema"] as? Int == 1)
      #expect(row["exit_code"] as? Int == 0)
      #expect(row["accuracy"] is Double && row["error"] is NSNull)
    }
  }

  @Test func listsPatternsAndFoldersAreExpandedOnce() throws {
    let many = try ManyCheckpoints(4)
    try many.tool.folder.write("# a list\n\n  many/1003.safetensors  \nmany/100[01].*\nmany/none*\n", to: "list")
    let outcome = try many.tool.run("batch", "many/1001.safetensors", "--list", "list", "--data", "data", "--json")
    let rows = try outcome.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(
      rows.map { $0["checkpoint"] as? String } == [
        "many/1001.safetensors", "many/1003.safetensors", "many/1000.safetensors", "many/none*",
      ])
    #expect(rows.map { $0["exit_code"] as? Int } == [0, 0, 0, 66])
    #expect(outcome.status == 1)
    let piped = try many.tool.shell("echo run | jacquard batch --list - --data data | cut -d , -f 1,7")
    #expect(piped.output == "checkpoint,status\nrun,ok\n")
  }

  @Test func severalDataSetsAreTakenInTurn() throws {
    let many = try ManyCheckpoints(1)
    try SmallData.write(in: many.tool.folder, folder: "other", training: 20, test: 30)
    try many.tool.folder.write(Data([1, 2, 3]), to: "other/train-images-idx3-ubyte")
    let outcome = try many.tool.run(
      "batch", "many", "run", "--data", "data", "--data", "other", "--split", "test", "--split", "train", "--output",
      "table.csv", "--jobs", "2", "--quiet", "--json")
    #expect(outcome.status == 1)
    let rows = try many.rows("table.csv").sorted { ($0["checkpoint"] ?? "") < ($1["checkpoint"] ?? "") }
    #expect(rows.count == 8)
    #expect(rows.count { $0["status"] == "failed" } == 2)
    for row in rows {
      switch (row["data"], row["split"]) {
      case ("data", "test"): #expect(row["images"] == "20")
      case ("data", "train"): #expect(row["images"] == "45", "without those of the validation set")
      case ("other", "test"): #expect(row["images"] == "30")
      default:
        #expect(row["exit_code"] == "65")
        #expect(row["error"]?.contains("other/train-images-idx3-ubyte") == true)
      }
    }
    let summary = try outcome.json()
    #expect(summary["schema"] as? Int == 1)
    #expect(summary["rows"] as? Int == 8 && summary["ok"] as? Int == 6 && summary["failed"] as? Int == 2)
    #expect(summary["output"] as? String == "table.csv")
    #expect((summary["best"] as? [String: Any])?["status"] as? String == "ok")
  }

  /// As with `evaluate`, the data of a run need not be named.
  @Test(arguments: [[], ["--jobs", "2"]])
  func runsAreJudgedByTheirOwnData(jobs: [String]) throws {
    let tool = try Tool()
    try OwnData.archive(in: tool.folder, training: 20, test: 15)
    try OwnData.pictures(in: tool.folder, training: 20, test: 10)
    for (run, data) in [("a", "own.npz"), ("b", "pictures")] {
      let outcome = try tool.run(
        "train", "--data", data, "--max-steps", "1", "--batch-size", "10", "--quiet", "--out", run)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    let outcome = try tool.run(["batch", "a", "b", "--ensemble", "--json"] + jobs)
    #expect(outcome.status == 0, "\(outcome.error)")
    let rows = try outcome.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    for (run, data, count) in [("a", "own.npz", 15), ("b", "pictures", 10)] {
      let row = try #require(rows.first { $0["checkpoint"] as? String == run })
      #expect((row["data"] as? String)?.hasSuffix(data) == true && row["images"] as? Int == count, "\(row)")
      #expect(row["accuracy"] as? Double == (try tool.run("evaluate", run, "--json").json()["accuracy"] as? Double))
    }
    // An ensemble has only members that saw the same images.
    #expect(rows.count == 4)
    #expect(rows.filter { $0["checkpoint"] as? String == "ensemble" }.map { $0["members"] as? Int } == [1, 1])
    // Explicit settings apply to all.
    let named = try tool.run(["batch", "b", "--data", "own.npz", "--json"] + jobs)
    #expect(try named.json()["images"] as? Int == 15, "\(named.error)")
  }

  @Test func aGateIsMetOrNot() throws {
    let many = try ManyCheckpoints(2)
    let low = try many.tool.run("batch", "many", "--data", "data", "--min-accuracy", "1")
    #expect(low.status == 3)
    #expect(
      low.error.hasPrefix(
        "jacquard: error: 2 of 2 rows are below --min-accuracy 1.0; the lowest is many/100"), "\(low.error)")
    #expect(low.output.split(separator: "\n").count == 3, "all rows are there all the same")
    #expect(try many.tool.run("batch", "many", "--data", "data", "--min-accuracy", "0").status == 0)
    // A failed row takes precedence over one that is too low.
    #expect(try many.tool.run("batch", "many", "gone", "--data", "data", "--min-accuracy", "1").status == 1)
  }

  @Test(arguments: [[], ["--jobs", "2"]])
  func anEnsembleIsTheMeanOfTheProbabilities(jobs: [String]) throws {
    let many = try ManyCheckpoints(0)
    for seed in 2...3 { _ = try many.runs.begin("run\(seed)", ["--seed", "\(seed)"]) }
    let arguments =
      ["batch", "run", "run2", "gone", "run3", "--data", "data", "--ensemble", "--predictions", "a/b"]
      + ["--output", "table.csv", "--quiet"] + jobs
    #expect(try many.tool.run(arguments).status == 1)
    let rows = try many.rows("table.csv")
    #expect(rows.count == 5)
    let ensemble = try #require(rows.last)
    #expect(ensemble["checkpoint"] == "ensemble" && ensemble["members"] == "3" && ensemble["model"] == "tiny")
    func values(_ row: [String: String]) throws -> NumPyArray {
      try NumPyArray(contentsOf: many.tool.folder.path + "/" + (try #require(row["predictions"])))
    }
    let members = try rows.filter { $0["members"] == "1" }.map(values)
    #expect(members.count == 3)
    let mean = try values(ensemble)
    #expect(mean.shape == [20, 10])
    for index in 0..<200 {
      let expected = members.reduce(0.0) { $0 + Double($1.floats[index]) } / 3
      #expect(abs(Double(mean.floats[index]) - expected) < 1e-7)
    }
    // Test images are of the classes 0 to 9 in turn.
    let right = (0..<20).count { image in
      let row = mean.floats[image * 10..<image * 10 + 10]
      return row.max() == row[image * 10 + image % 10]
    }
    #expect(ensemble["accuracy"].flatMap { Double($0) } == Double(right) / 20)
    let loss = (0..<20).reduce(0.0) { $0 - log(Double(mean.floats[$1 * 10 + $1 % 10])) } / 20
    #expect(abs((ensemble["loss"].flatMap { Double($0) } ?? 0) - loss) < 1e-5)
    // A resumed batch knows the ensemble too; if its row is missing, only that row is made again.
    let whole = try many.tool.folder.text("table.csv")
    let resumed = try many.tool.run(arguments + ["--resume", "--json"])
    #expect(try resumed.json()["kept"] as? Int == 5)
    #expect(try many.tool.folder.text("table.csv") == whole)
    let shorter = whole.split(separator: "\n").dropLast().map { $0 + "\n" }.joined()
    try many.tool.folder.write(shorter, to: "table.csv")
    #expect(try many.tool.run(arguments + ["--resume", "--json"]).json()["kept"] as? Int == 4)
    let again = try #require(try many.rows("table.csv").last)
    for column in ["weights_sha256", "loss", "accuracy", "predictions"] { #expect(again[column] == ensemble[column]) }
  }

  @Test func modelsOfOtherImagesMakeNoEnsemble() throws {
    let many = try ManyCheckpoints(0)
    _ = try many.runs.begin("run2", ["--seed", "2"])
    let outcome = try many.tool.run(
      "batch", "run", "run2", "--data", "data", "--split", "validation", "--ensemble", "--output", "table.csv")
    #expect(outcome.status == 1)
    let ensemble = try #require(try many.rows("table.csv").last)
    #expect(ensemble["status"] == "failed" && ensemble["exit_code"] == "78")
    #expect(ensemble["error"]?.hasPrefix("run2 has other images or classes than run") == true)
  }

  @Test(arguments: [
    (["batch"], "Name checkpoints, or a file that lists them with --list."),
    (["batch", "a", "--jobs", "0"], "--jobs must be a whole number from 1 to 256, not '0'."),
    (["batch", "a", "--timeout", "soon"], "--timeout must be a time such as 30s or 2m, not 'soon'."),
    (["batch", "a", "--resume"], "--resume needs the table to continue; name it with --output."),
    (["batch", "a", "--retry-failed"], "--retry-failed needs --resume."),
    (["batch", "a", "--min-accuracy", "2"], "--min-accuracy must be a number of at least 0 and at most 1, not '2.0'."),
    (
      ["batch", "a", "--data", "data", "--output", "a.txt"],
      "--output a.txt: expected a name that ends in .csv or .jsonl; add the extension."
    ),
  ])
  func wrongUsageIsRefused(arguments: [String], message: String) throws {
    let tool = try Tool()
    try SmallData.write(in: tool.folder)
    let outcome = try tool.run(arguments)
    #expect(outcome.error.hasPrefix("jacquard: error: \(message)"), "\(outcome.error)")
    #expect(outcome.output == "")
    #expect(outcome.status == 64)
  }

  @Test func otherPeoplesFilesAreLeftAlone() throws {
    let many = try ManyCheckpoints(1)
    for (name, text) in [("a.csv", "x,y\n1,2\n"), ("a.jsonl", "{\"x\": 1}\n"), ("b.csv", "x")] {
      try many.tool.folder.write(text, to: name)
      let plain = try many.tool.run("batch", "many", "--data", "data", "--output", name)
      #expect(plain.status == 73)
      #expect(
        plain.error
          == "jacquard: error: \(name): the file is not empty; continue it with --resume, or choose another file.\n"
      )
      let resumed = try many.tool.run("batch", "many", "--data", "data", "--output", name, "--resume")
      #expect(resumed.status == 65)
      #expect(resumed.error.hasPrefix("jacquard: error: \(name): line 1 is not a row of a batch"), "\(resumed.error)")
      #expect(try many.tool.folder.text(name) == text)
    }
    let outcome = try many.tool.run("batch", "many", "--data", "data", "--output", "none/a.csv")
    #expect(outcome.status == 73)
    #expect(try many.tool.run("batch", "many", "--data", "none").status == 66)
  }

  @Test func aReaderThatGoesAwayEndsTheBatchQuietly() throws {
    let many = try ManyCheckpoints(30)
    let outcome = try many.tool.shell(
      "(jacquard batch many --data data; echo \"exit $?\" >&2) | head -n 2 | cut -d , -f 1")
    #expect(outcome.output == "checkpoint\nmany/1000.safetensors\n")
    #expect(outcome.error == "exit 0\n")
  }
}
