import CommandTestSupport
import Benchmarking
import Foundation
import TestSupport
import Testing

/// `bench model`, as a user runs it, for the shortest allowed time.
struct BenchModelTests {
  private static let quick = ["bench", "model", "--model", "lenet", "--seconds", "0.01", "--batch-size", "8"]

  @Test func theJSONIsThatOfTheDocumentation() throws {
    let outcome = try Tool().run(Self.quick + ["--json", "--threads", "1,2", "--progress", "none"])
    #expect(outcome.status == 0)
    #expect(outcome.error == "")
    let json = try outcome.json()
    #expect(json["schema"] as? Int == 1)
    #expect(json["benchmark"] as? String == "model")
    let machine = try #require(json["machine"] as? [String: Any])
    #expect(machine["cpu"] is String && machine["blas"] is String && machine["blas_core"] is String)
    #expect(machine["cores"] is Int)
    #expect(machine["blas_threads"] as? Int == 1)
    let peaks = try #require(json["sgemm_peak"] as? [[String: Any]])
    #expect(peaks.map { $0["threads"] as? Int } == [1, 2])
    #expect(peaks.allSatisfy { ($0["gflops"] as? Double ?? 0) > 0 })
    let rows = try #require(json["results"] as? [[String: Any]])
    #expect(
      rows.map { $0["mode"] as? String }
        == Array(repeating: "train", count: 4) + Array(repeating: "inference", count: 4))
    #expect(rows.map { $0["threads"] as? Int } == [1, 1, 2, 2, 1, 1, 2, 2])
    #expect(rows.map { $0["gemm"] as? String } == Array(repeating: ["blas", "portable"], count: 4).flatMap { $0 })
    for (index, row) in rows.enumerated() {
      let isPortable = row["gemm"] as? String == "portable"
      let keys: Set = [
        "model", "mode", "algorithm", "gemm", "batch", "threads", "images_per_second", "gflops", "speedup_over_naive",
        "max_relative_error",
      ]
      #expect(Set(row.keys) == (isPortable ? keys.union(["ratio_to_blas"]) : keys))
      #expect(row["model"] as? String == "lenet")
      #expect(row["algorithm"] as? String == "auto")
      #expect(row["batch"] as? Int == 8)
      let rates = try #require(row["images_per_second"] as? [String: Double])
      let (median, p10, p90) = try (
        #require(rates["median"]), #require(rates["p10"]), #require(rates["p90"])
      )
      #expect(0 < p10 && p10 <= median && median <= p90)
      #expect((row["speedup_over_naive"] as? Double ?? 0) > 0)
      #expect((row["max_relative_error"] as? Double ?? 1) < 1e-2)
      // Direct convolution: 416,520 multiply-adds forward; training adds both gradients, but not that of the first layer's input.
      let multiplyAdds = row["mode"] as? String == "train" ? 3 * 416_520 - 28 * 28 * 25 * 6 : 416_520
      let gflops = try #require(row["gflops"] as? Double)
      #expect((gflops / (2e-9 * Double(multiplyAdds) * median) - 1).magnitude < 2e-4)
      if isPortable {
        // BLAS's row is the one before; figures have five digits.
        let blas = try #require((rows[index - 1]["images_per_second"] as? [String: Double])?["median"])
        let ratio = try #require(row["ratio_to_blas"] as? Double)
        #expect((ratio / (median / blas) - 1).magnitude < 2e-4)
      }
    }
  }

  /// A model for images of several sizes is several rows of a comparison.
  @Test func aShapeIsPartOfTheRowsName() throws {
    let outcome = try Tool().run(
      "bench", "model", "--model", "mobilenet:16x16x3:7", "--mode", "inference", "--seconds", "0.01", "--batch-size",
      "2",
      "--gemm", "blas", "--no-naive", "--json", "--progress", "none")
    let rows = try #require(try outcome.json()["results"] as? [[String: Any]])
    #expect(rows.map { $0["model"] as? String } == ["mobilenet:16x16x3:7"])
    #expect(outcome.status == 0)
  }

  @Test func theTableIsForPeople() throws {
    let outcome = try Tool().run(Self.quick + ["--mode", "inference", "--threads", "1", "--no-naive"])
    #expect(outcome.status == 0)
    #expect(outcome.error == "[1/1] lenet inference auto blas+portable batch 8 threads 1\n")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("machine  ") })
    #expect(lines.contains { $0.hasPrefix("large product  ") && $0.hasSuffix("GFLOP/s on 1 thread") })
    let start = try #require(lines.firstIndex(of: "lenet, inference, batch 8"))
    let rows = lines[(start + 1)...].prefix(2).map { $0.split(whereSeparator: \.isWhitespace) }
    #expect(rows.map { $0.prefix(3) } == ["blas", "portable"].map { ["auto", $0, "1"] })
    // Images/s, their spread, GFLOP/s; the ratio.
    #expect(rows.map(\.count) == [6, 7])
    #expect(
      try #require(lines.last).contains(/^Models with portable products are [0-9.]+ times as fast as with BLAS\.$/))
  }

  @Test func allThreeModelsAreMeasuredByDefault() throws {
    let outcome = try Tool().run(
      "bench", "model", "--mode", "inference", "--seconds", "0.001", "--batch-size", "2", "--threads", "2",
      "--no-naive", "--json", "--quiet")
    let rows = try #require(try outcome.json()["results"] as? [[String: Any]])
    #expect(rows.map { $0["model"] as? String } == ["lenet", "lenet", "cnn", "cnn", "vgg", "vgg"])
    #expect(rows.allSatisfy { $0["speedup_over_naive"] is NSNull })
    #expect(outcome.status == 0)
  }

  @Test func algorithmAndProductAreChosen() throws {
    let outcome = try Tool().run(
      Self.quick + ["--mode", "train", "--algorithm", "naive", "--gemm", "naive", "--json", "--quiet"])
    let rows = try #require(try outcome.json()["results"] as? [[String: Any]])
    #expect(rows.count == 1)
    let row = try #require(rows.first)
    #expect(row["algorithm"] as? String == "naive")
    #expect(row["gemm"] as? String == "naive")
    // The same computation as the reference's.
    #expect(row["max_relative_error"] as? Double == 0)
  }

  @Test func aSlowdownIsExitCode3() throws {
    let tool = try Tool()
    let flags = Self.quick + ["--mode", "inference", "--threads", "1", "--gemm", "blas", "--no-naive", "--quiet"]
    let first = try tool.run(flags + ["--json"])
    try #require(first.status == 0)
    let fast = first.output.replacing(/"median":[0-9.e+]+/, with: #""median":1e12"#)
    let slow = first.output.replacing(/"median":[0-9.e+]+/, with: #""median":1e-3"#)
    try tool.folder.write(fast, to: "fast.json")
    try tool.folder.write(slow, to: "slow.json")

    let gate = try tool.run(flags + ["--json", "--against", "fast.json", "--tolerance", "50"])
    #expect(gate.status == 3)
    #expect(
      gate.error
        == "jacquard: error: 1 row is slower than in fast.json by more than 50.0 %; the slowest is 'lenet inference auto blas batch 8 threads 1', by 100.0 %.\n"
    )
    let comparison = try #require(try gate.json()["comparison"] as? [String: Any])
    #expect(comparison["against"] as? String == "fast.json")
    #expect(comparison["tolerance_percent"] as? Double == 50)
    let rows = try #require(comparison["rows"] as? [[String: Any]])
    #expect(rows.map { $0["slower"] as? Bool } == [true])

    let passed = try tool.run(flags + ["--against", "slow.json"])
    #expect(passed.status == 0)
    #expect(passed.error == "")
    #expect(
      passed.output.contains("Against slow.json, beyond 10.0 %: 1 compared, 0 slower, 1 faster, 0 new, 0 not measured.")
    )

    // The older result was for one product.
    let both = flags.filter { $0 != "--gemm" && $0 != "blas" }
    let more = try tool.run(both + ["--against", "slow.json"])
    #expect(more.status == 0)
    #expect(
      more.output.contains("Against slow.json, beyond 10.0 %: 1 compared, 0 slower, 1 faster, 1 new, 0 not measured."))
    let added = try #require(
      try tool.run(both + ["--json", "--against", "slow.json"]).json()["comparison"] as? [String: Any])
    #expect(added["added"] as? [String] == ["lenet inference auto portable batch 8 threads 1"])
  }

  @Test func anotherMachineIsAWarning() throws {
    let tool = try Tool()
    let flags = Self.quick + ["--mode", "inference", "--threads", "1", "--no-naive", "--quiet"]
    let first = try tool.run(flags + ["--json"]).output.replacing(/"cpu":"[^"]*"/, with: #""cpu":"Abacus""#)
      .replacing(/"median":[0-9.e+]+/, with: #""median":1e-3"#)
    try tool.folder.write(first, to: "other.json")
    let outcome = try tool.run(flags + ["--against", "other.json"])
    #expect(outcome.status == 0)
    #expect(outcome.error.hasPrefix("jacquard: warning: other.json comes from another machine"))
    #expect(outcome.errorLines.count == 1)
  }

  @Test func anEarlierResultIsReadBeforeAnythingIsMeasured() throws {
    let tool = try Tool()
    let missing = try tool.run("bench", "model", "--against", "none.json")
    #expect(missing.status == 66)
    #expect(missing.output == "")
    #expect(missing.error.hasPrefix("jacquard: error: none.json"))
    try tool.folder.write("{}", to: "empty.json")
    let wrong = try tool.run("bench", "model", "--against", "empty.json")
    #expect(wrong.status == 65)
    #expect(
      wrong.error
        == "jacquard: error: empty.json: \"schema\" must be 1, found none; give a file that 'jacquard bench model --json' printed.\n"
    )
  }

  @Test(arguments: [
    (["--model", "vggg"], "Unknown model 'vggg'. Did you mean 'vgg'?"),
    (["--mode", "training"], "--mode must be train or inference, not 'training'."),
    (["--mode", "trian"], "--mode must be train or inference, not 'trian'. Did you mean 'train'?"),
    (["--gemm", "bals"], "--gemm must be blas, portable or naive, not 'bals'. Did you mean 'blas'?"),
    (["--batch-size", "0"], "--batch-size must be a whole number from 1 to 65536, not '0'."),
    (["--seconds", "0"], "--seconds must be a number above 0 and at most 3600, not '0.0'."),
    (["--threads", "1,,2"], "--threads must be a whole number from 1 to 256, or several such as 1,2, not '1,,2'."),
    (["--threads", "2,2"], "--threads must be a whole number from 1 to 256, or several such as 1,2, not '2,2'."),
    (["--tolerance", "100"], "--tolerance must be a number of at least 0 and below 100, not '100.0'."),
  ])
  func wrongFlagsAreRefused(flags: [String], message: String) throws {
    let outcome = try Tool().run(["bench", "model"] + flags)
    #expect(outcome.error.hasPrefix("jacquard: error: \(message)"))
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.output == "")
    #expect(outcome.status == 64)
  }

  @Test func aModelOfVectorsIsRefused() throws {
    let tool = try Tool()
    let model = """
      {"name":"line","input_shape":[4],"class_names":["a","b"],"preprocessing":{"scale":1,"mean":[0],"deviation":[1]},
       "layers":[{"type":"dense","output_features":2}]}
      """
    try tool.folder.write(model, to: "line.json")
    let outcome = try tool.run("bench", "model", "--model", "line.json", "--seconds", "0.01")
    #expect(outcome.status == 78, "\(outcome.error)")
    #expect(outcome.errorLines.last?.contains("only models of images can be measured") == true)
  }

  @Test func numbersBeyondAFloatAreAnErrorRow() throws {
    let tool = try Tool()
    let model = """
      {"name":"astray","input_shape":[4,4,1],"class_names":["a","b"],
       "preprocessing":{"scale":1,"mean":[0],"deviation":[1e-38]},"layers":[{"type":"flatten"},{"type":"dense","output_features":2}]}
      """
    try tool.folder.write(model, to: "astray.json")
    let flags = ["bench", "model", "--model", "astray.json", "--mode", "train", "--seconds", "0.01", "--quiet"]
    let outcome = try tool.run(flags + ["--json"])
    let reason = "plain loops also give numbers that are not finite; check the model and its preprocessing"
    #expect(outcome.status == 1)
    let rows = try #require(try outcome.json()["results"] as? [[String: Any]])
    #expect(rows.map { $0["gemm"] as? String } == ["blas", "portable"])
    #expect(rows.allSatisfy { $0["error"] as? String == reason })
    #expect(rows.allSatisfy { $0["images_per_second"] == nil })
    #expect(outcome.error == "jacquard: error: 2 of 2 rows failed and were not measured; the result says why.\n")
    let table = try tool.run(flags)
    #expect(table.status == 1)
    #expect(table.output.split(separator: "\n").last?.hasSuffix(reason) == true)
  }
}
