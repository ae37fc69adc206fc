import Benchmarking
import Commands
import Support
import TestSupport
import Testing

/// Results compared with earlier ones.
struct BenchmarkComparisonTests {
  private let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  private func row(_ model: String, threads: Int = 2, _ median: Double) -> String {
    #"{"model":"\#(model)","mode":"train","algorithm":"auto","gemm":"blas","batch":128,"threads":\#(threads),"#
      + #""images_per_second":{"median":\#(median),"p10":1.0,"p90":2.0}}"#
  }

  private func earlier(_ rows: String...) throws -> EarlierBenchmark {
    let text =
      #"{"schema":1,"benchmark":"model","machine":{"cpu":"A","cores":2,"blas":"B","blas_core":"C"},"results":[\#(rows.joined(separator: ","))]}"#
    return try EarlierBenchmark(path: try scratch.write(text, to: "earlier.json"), kind: .model)
  }

  private func now(_ model: String, gemm: String = "blas", threads: Int = 2, _ median: Double) -> JSONValue {
    let key: JSONValue = [
      "model": .string(model), "mode": "train", "algorithm": "auto", "gemm": .string(gemm), "batch": 128,
      "threads": .integer(threads),
    ]
    return BenchmarkRow(key, figures: ["images_per_second": ["median": .number(median)]]).json
  }

  @Test func rowsAreMatchedByTheirKeys() throws {
    let comparison = BenchmarkComparison(
      [now("cnn", 89), now("lenet", threads: 1, 50), now("vgg", 120), now("cnn", threads: 1, 90)],
      with: try earlier(row("vgg", 100), row("cnn", 100), row("cnn", threads: 1, 100), row("lenet", 100)), kind: .model,
      tolerance: 10)
    #expect(
      comparison.rows.map(\.name) == [
        "cnn train auto blas batch 128 threads 2", "vgg train auto blas batch 128 threads 2",
        "cnn train auto blas batch 128 threads 1",
      ])
    #expect(comparison.rows.map { $0.change.rounded() } == [-11, 20, -10])
    // A difference equal to the tolerance does not exceed it.
    #expect(comparison.rows.map(\.isSlower) == [true, false, false])
    #expect(comparison.added == ["lenet train auto blas batch 128 threads 1"])
    #expect(comparison.missing == ["lenet train auto blas batch 128 threads 2"])
    let failure = CommandFailure(describing: try #require(comparison.failure))
    #expect(failure.status == .gateNotMet)
    #expect(
      failure.message.hasSuffix(
        "by more than 10.0 %; the slowest is 'cnn train auto blas batch 128 threads 2', by 11.0 %."))
  }

  @Test func nothingSlowerIsNoFailure() throws {
    let comparison = BenchmarkComparison(
      [now("cnn", 95)], with: try earlier(row("cnn", 100)), kind: .model, tolerance: 10)
    #expect(comparison.failure == nil)
  }

  @Test func rowsThatAnOlderResultLacksAreReported() throws {
    let comparison = BenchmarkComparison(
      [now("cnn", 100), now("cnn", gemm: "portable", 1)], with: try earlier(row("cnn", 100)), kind: .model,
      tolerance: 10)
    #expect(comparison.rows.map(\.name) == ["cnn train auto blas batch 128 threads 2"])
    #expect(comparison.added == ["cnn train auto portable batch 128 threads 2"])
    #expect(comparison.failure == nil)
    #expect(comparison.lines.first?.contains(": 1 compared, 0 slower, 0 faster, 1 new, 0 not measured.") == true)
  }

  @Test func nothingComparedIsAFailure() throws {
    let comparison = BenchmarkComparison(
      [now("cnn", 95)], with: try earlier(row("vgg", 100)), kind: .model, tolerance: 10)
    #expect(comparison.failure?.kind == .badData)
  }

  @Test func aFailedRowIsNotCompared() throws {
    let failed = BenchmarkRow(
      ["model": "cnn", "mode": "train", "algorithm": "auto", "gemm": "blas", "batch": 128, "threads": 2],
      failure: "wrong")
    let comparison = BenchmarkComparison(
      [failed.json, now("vgg", 100)], with: try earlier(row("cnn", 100), row("vgg", 100)), kind: .model, tolerance: 10)
    #expect(comparison.rows.count == 1)
    #expect(comparison.missing == ["cnn train auto blas batch 128 threads 2"])
  }

  @Test func theMachineIsCompared() throws {
    let earlier = try earlier()
    #expect(earlier.machineDifference(from: ["cpu": "A", "cores": 2, "blas": "B", "blas_core": "C"]) == nil)
    let difference = try #require(
      earlier.machineDifference(from: ["cpu": "A", "cores": 4, "blas": "B", "blas_core": "D"]))
    #expect(difference.hasSuffix(#"cores was 2 and is 4; blas_core was "C" and is "D"."#))
  }

  @Test(arguments: [
    ("{", "line 1, column 2: expected a name in quotes, found the end of the text"),
    ("[]", "expected a JSON object, found another value"),
    (#"{"schema":2}"#, #""schema" must be 1, found 2"#),
    (#"{"schema":1}"#, #""benchmark" must be "model", found none"#),
    (#"{"schema":1,"benchmark":"gemm"}"#, #""benchmark" must be "model", found "gemm""#),
    (#"{"schema":1,"benchmark":"model","results":{}}"#, #""results" must be a list of rows"#),
    (
      #"{"schema":1,"benchmark":"model","results":[{"model":"cnn"}]}"#,
      #"row 1 of "results" lacks one of model, mode, algorithm, gemm, batch, threads"#
    ),
  ])
  func otherFilesAreRefused(text: String, reason: String) throws {
    let path = try scratch.write(text, to: "other.json")
    let error = try #require(throws: Failure.self) { try EarlierBenchmark(path: path, kind: .model) }
    let failure = CommandFailure(describing: error)
    #expect(
      failure.message == "\(path): \(reason); give a file that 'jacquard bench model --json' printed.")
    #expect(failure.status == .badData)
  }

  @Test func failedChecksComeBeforeSlowRows() throws {
    let failed = BenchmarkRow(["model": "cnn"], failure: "the result is off")
    let slower = BenchmarkComparison(
      [now("vgg", 1)], with: try earlier(row("vgg", 100)), kind: .model, tolerance: 10)
    let report = BenchmarkReport(kind: .model, machine: .object([]), peaks: [], rows: [failed], comparison: slower)
    let failure = try #require(throws: Failure.self) { try report.check() }
    #expect(failure.kind == .someItemsFailed)
    #expect(report.json["results"] == [["model": "cnn", "error": "the result is off"]])
    let withoutFailure = BenchmarkReport(kind: .model, machine: .object([]), peaks: [], rows: [], comparison: slower)
    #expect(throws: Failure.self) { try withoutFailure.check() }
  }
}
