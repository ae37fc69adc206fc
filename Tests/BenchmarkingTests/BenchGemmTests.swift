import CommandTestSupport
import Benchmarking
import Foundation
import TestSupport
import Testing

/// `bench gemm`.
struct BenchGemmTests {
  @Test func theJSONIsThatOfTheDocumentation() throws {
    let outcome = try Tool().run(
      "bench", "gemm", "--size", "16x24x32", "--size", "5x1x7", "--threads", "1,2", "--seconds", "0.005", "--json",
      "--quiet")
    #expect(outcome.status == 0)
    #expect(outcome.error == "")
    let json = try outcome.json()
    #expect(json["schema"] as? Int == 1)
    #expect(json["benchmark"] as? String == "gemm")
    #expect((json["machine"] as? [String: Any])?["blas"] is String)
    #expect((json["sgemm_peak"] as? [[String: Any]])?.map { $0["threads"] as? Int } == [1, 2])
    let rows = try #require(json["results"] as? [[String: Any]])
    #expect(
      rows.map { $0["implementation"] as? String }
        == Array(repeating: ["naive", "portable", "blas"], count: 4).flatMap { $0 })
    #expect(rows.map { $0["threads"] as? Int } == [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2])
    #expect(rows.map { $0["n"] as? Int } == Array(repeating: 24, count: 6) + Array(repeating: 1, count: 6))
    for (index, row) in rows.enumerated() {
      let isPortable = row["implementation"] as? String == "portable"
      let keys: Set = [
        "m", "n", "k", "transpose", "implementation", "threads", "use", "gflops", "gflops_p10", "gflops_p90",
        "speedup_over_naive", "max_relative_error",
      ]
      #expect(Set(row.keys) == (isPortable ? keys.union(["ratio_to_blas"]) : keys))
      let (median, p10, p90) = try (
        #require(row["gflops"] as? Double), #require(row["gflops_p10"] as? Double),
        #require(row["gflops_p90"] as? Double)
      )
      #expect(0 < p10 && p10 <= median && median <= p90)
      #expect((row["max_relative_error"] as? Double ?? 1) < 1e-5)
      let speedup = try #require(row["speedup_over_naive"] as? Double)
      if row["implementation"] as? String == "naive" { #expect(speedup == 1) } else { #expect(speedup > 0) }
      if isPortable {
        // BLAS's row is the next one; figures have five digits.
        let blas = try #require(rows[index + 1]["gflops"] as? Double)
        let ratio = try #require(row["ratio_to_blas"] as? Double)
        #expect((ratio / (median / blas) - 1).magnitude < 2e-4)
      }
    }
  }

  @Test func theTableShowsAllThree() throws {
    let outcome = try Tool().run("bench", "gemm", "--size", "64x64x64", "--threads", "1", "--seconds", "0.005")
    #expect(outcome.error == "[1/1] 64×64×64 threads 1\n")
    let lines = outcome.output.split(separator: "\n")
    let row = try #require(lines.first { $0.hasPrefix("64×64×64") }).split(whereSeparator: \.isWhitespace)
    // product, threads, naive, portable, BLAS, ratio, error
    #expect(row.count == 7)
    let (naive, portable, blas) = try (
      #require(Double(row[2])), #require(Double(row[3])), #require(Double(row[4]))
    )
    #expect(naive > 0 && portable > 0 && blas > 0)
    #expect((try #require(Double(row[5])) - portable / blas).magnitude < 0.02)
    #expect(try #require(lines.dropLast().last).contains(/^BLAS is [0-9.]+ times as fast as plain loops\.$/))
    #expect(try #require(lines.last).contains(/^Portable products are [0-9.]+ times as fast as BLAS\.$/))
    #expect(outcome.status == 0)
  }

  @Test func oneImplementationHasOnlyItsFigures() throws {
    let flags = ["bench", "gemm", "--size", "64x64x64", "--threads", "1", "--seconds", "0.005", "--quiet"]
    for implementation in ["portable", "blas"] {
      let outcome = try Tool().run(flags + ["--gemm", implementation])
      let lines = outcome.output.split(separator: "\n")
      let row = try #require(lines.first { $0.hasPrefix("64×64×64") }).split(whereSeparator: \.isWhitespace)
      // product, threads, naive, its own speed, error
      #expect(row.count == 5)
      #expect(try #require(lines.last).contains("BLAS is") == (implementation == "blas"))
      #expect(!outcome.output.contains("Portable products are"))
      #expect(outcome.status == 0)
    }
    let outcome = try Tool().run(flags + ["--gemm", "portable", "--json"])
    let rows = try #require(try outcome.json()["results"] as? [[String: Any]])
    #expect(rows.map { $0["implementation"] as? String } == ["portable"])
    #expect(rows.first?["ratio_to_blas"] is NSNull)
  }

  @Test func theUsualProductsFitATerminal() throws {
    let outcome = try Tool().run("bench", "gemm", "--threads", "1", "--seconds", "0.0001", "--no-naive", "--quiet")
    #expect(outcome.status == 0)
    let table = outcome.output.split(separator: "\n").drop { !$0.hasPrefix("GFLOP/s, ") }
    // Two lines of explanation, heads and dashes, the products, the summary.
    #expect(table.count == 2 + 2 + ProductCase.usual.count + 1)
    for line in table { #expect(line.count <= 80, "\(line)") }
    #expect(
      try #require(table.last).contains(
        /^Portable products are [0-9.]+ to [0-9.]+ times as fast as BLAS, [0-9.]+ in the median\.$/))
  }

  @Test func plainLoopsCanBeLeftOut() throws {
    let outcome = try Tool().run(
      "bench", "gemm", "--size", "8x8x8", "--threads", "1", "--seconds", "0.005", "--no-naive", "--json", "--quiet")
    let rows = try #require(try outcome.json()["results"] as? [[String: Any]])
    #expect(rows.map { $0["implementation"] as? String } == ["portable", "blas"])
    #expect(rows.allSatisfy { $0["speedup_over_naive"] is NSNull })
  }

  @Test func resultsCompareWithEarlierOnes() throws {
    let tool = try Tool()
    let flags = [
      "bench", "gemm", "--size", "8x8x8", "--threads", "1", "--seconds", "0.005", "--gemm", "blas", "--no-naive",
      "--quiet",
    ]
    let earlier = try tool.run(flags + ["--json"]).output.replacing(/"gflops":[0-9.e+-]+,"gflops_p10/) { _ in
      #""gflops":1e9,"gflops_p10"#
    }
    try tool.folder.write(earlier, to: "earlier.json")
    let outcome = try tool.run(flags + ["--against", "earlier.json"])
    #expect(outcome.status == 3)
    #expect(outcome.error.contains("the slowest is 'm 8 n 8 k 8 none blas threads 1', by 100.0 %."))
    let other = try tool.run(["bench", "conv", "--against", "earlier.json"])
    #expect(other.status == 65)
    #expect(other.error.contains(#""benchmark" must be "conv", found "gemm""#))
  }

  @Test(arguments: [
    (["--size", "8x8"], "--size must be three whole numbers from 1 to 16384 such as 64x32x288"),
    (["--size", "0x8x8"], "--size must be three whole numbers"),
    (["--size", "16384x16384x16384"], "--size must be three whole numbers"),
    (["--size", "8x8x8", "--size", "8x8x8"], "--size must be three whole numbers"),
    (["--gemm", "naiv"], "--gemm must be blas, portable or naive, not 'naiv'. Did you mean 'naive'?"),
    (["--gemm", "naive", "--no-naive"], "--gemm naive and --no-naive leave nothing to measure."),
    (["--threads", "0"], "--threads must be a whole number from 1 to 256, or several such as 1,2, not '0'."),
  ])
  func wrongFlagsAreRefused(flags: [String], message: String) throws {
    let outcome = try Tool().run(["bench", "gemm"] + flags)
    #expect(outcome.error.hasPrefix("jacquard: error: \(message)"))
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.output == "")
    #expect(outcome.status == 64)
  }

  /// The test of the check: a wrong element is found wherever the reference samples, and it always samples the first and last row.
  @Test(arguments: [(3, 4, 5), (4000, 64, 288)])
  func aWrongElementIsFound(m: Int, n: Int, k: Int) {
    let product = ProductCase(m, n, k, use: "")
    let a = (0..<m * k).map { Float($0 % 7) - 3 }
    let b = (0..<k * n).map { Float($0 % 5) - 2 }
    let reference = ProductReference(product, a: a, b: b)
    #expect(reference.rows.first == 0)
    #expect(reference.rows.last == m - 1)
    #expect(Set(reference.rows).count == reference.rows.count)
    var right = [Float](repeating: 0, count: m * n)
    for row in reference.rows {
      for column in 0..<n {
        right[row * n + column] = (0..<k).reduce(0) { $0 + a[row * k + $1] * b[$1 * n + column] }
      }
    }
    // Small whole numbers: exact in single precision.
    #expect(reference.error(of: right) == 0)
    for row in [0, m - 1] {
      var wrong = right
      wrong[row * n + n - 1] += 1
      #expect(reference.error(of: wrong) > ProductReference.tolerance(k: k))
      wrong[row * n + n - 1] = .nan
      #expect(reference.error(of: wrong) == .infinity)
    }
  }

  @Test func transposedProductsHaveTheSameReference() {
    let a: [Float] = [1, 2, 3, 4, 5, 6]
    let transposed: [Float] = [1, 4, 2, 5, 3, 6]
    let b: [Float] = [1, -1, 2, 0, 1, 1]
    let expected: [Float] = [8, 2, 20, 2]
    #expect(ProductReference(ProductCase(2, 2, 3, use: ""), a: a, b: b).error(of: expected) == 0)
    #expect(
      ProductReference(ProductCase(2, 2, 3, transposesA: true, use: ""), a: transposed, b: b).error(of: expected) == 0)
  }
}
