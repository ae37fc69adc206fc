internal import Support
internal import Jacquard

/// The convolutions that were measured, as rows for programs and as a table for people.
struct ConvolutionTable {
  /// The rows, one per convolution, pass, count of threads and algorithm.
  private(set) var rows: [BenchmarkRow] = []
  private let algorithms: [ConvolutionAlgorithm]
  private var table: TextTable
  private var speedups: [Double] = []
  private var isEmpty = true

  /// A table with a column for each algorithm.
  init(_ algorithms: [ConvolutionAlgorithm]) {
    self.algorithms = algorithms
    table = TextTable(
      [("layer", .left), ("shape", .left), ("pass", .left), ("threads", .right)]
        + algorithms.map { ($0.rawValue, .right) }
        + [("fastest", .left), ("auto", .left), ("GFLOP/s", .right), ("over naive", .right), ("error", .right)])
  }

  /// Adds what a pass came to.
  mutating func append(
    _ benchmark: ConvolutionBenchmark,
    _ outcomes: [(algorithm: ConvolutionAlgorithm, outcome: ConvolutionBenchmark.Outcome)]
  ) {
    rows += outcomes.map { benchmark.row($0.algorithm, $0.outcome) }
    let measured = outcomes.compactMap { algorithm, outcome in outcome.figures.map { (algorithm, $0) } }
    guard let (name, best) = measured.min(by: { $0.1.microsecondsPerImage.median < $1.1.microsecondsPerImage.median })
    else { return }
    if name != .naive, let speedup = best.speedup { speedups.append(speedup) }
    let times = algorithms.map { algorithm in
      measured.first { $0.0 == algorithm }.map { NumberText.fixed($0.1.microsecondsPerImage.median, decimals: 1) } ?? ""
    }
    isEmpty = false
    table.append(
      [
        benchmark.convolution.layers.first ?? "", benchmark.convolution.shape, benchmark.pass.rawValue,
        String(benchmark.threads),
      ] + times + [
        benchmark.method(name)?.rawValue ?? "", benchmark.method(.auto)?.rawValue ?? "",
        NumberText.fixed(best.gflops, decimals: 1),
        best.speedup.map { NumberText.fixed($0, decimals: 1) + " ×" } ?? "", ErrorText.text(best.error),
      ])
  }

  /// The table, in microseconds per image, and what it comes to.
  var lines: [String] {
    guard !isEmpty else { return [] }
    let summary = SpeedupSummary.line(of: "The fastest algorithm", speedups: speedups)
    return [
      "Microseconds per image; 'auto' is what it chooses; GFLOP/s of the fastest count the operations of direct convolution.",
      "",
    ] + table.lines
      + (summary.map { ["", $0] } ?? [])
  }
}
