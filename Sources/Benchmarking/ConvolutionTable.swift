internal import LinearAlgebra
package import JacquardEngine
internal import Support
internal import Terminal

/// The measured convolutions, as rows for programs and as a table for people, which fits 80 columns.
package struct ConvolutionTable {
  /// The rows, one per convolution, pass, thread count and algorithm.
  package private(set) var rows: [BenchmarkRow] = []
  /// The algorithms that have a column. Plain loops have one only if nothing else was measured; their time follows from the ratio.
  private let algorithms: [ConvolutionAlgorithm]
  private var table: TextTable
  private var heading = ""
  private var speedups: [Double] = []
  private var ratios: [Double] = []
  private var largestError: Double?

  /// A table with a column for each algorithm.
  package init(_ algorithms: [ConvolutionAlgorithm]) {
    let others = algorithms.filter { $0 != .naive }
    self.algorithms = others.isEmpty ? algorithms : others
    table = TextTable(
      [("pass", .left), ("gemm", .left)] + self.algorithms.map { ($0.rawValue, .right) }
        + [("auto", .left), ("GFLOP/s", .right), ("over naive", .right)])
  }

  /// Adds the results of a pass: one line per product implementation; algorithms without products are on every line.
  package mutating func append(
    _ benchmark: ConvolutionBenchmark,
    _ outcomes: [(variant: ConvolutionBenchmark.Variant, outcome: ConvolutionBenchmark.Outcome)]
  ) {
    rows += outcomes.map { benchmark.row($0.variant, $0.outcome) }
    let measured = outcomes.compactMap { variant, outcome in outcome.figures.map { (variant: variant, figures: $0) } }
    ratios += measured.compactMap(\.figures.ratioToBLAS)
    for product in benchmark.products {
      let shown = measured.filter { $0.variant.product == product }
      // Algorithms without products are equally fast with every implementation.
      let possible = measured.filter { $0.variant.product == product || !$0.variant.multiplies }
      guard !shown.isEmpty,
        let (variant, best) = possible.min(by: {
          $0.figures.microsecondsPerImage.median < $1.figures.microsecondsPerImage.median
        })
      else { continue }
      if variant.algorithm != .naive, let speedup = best.speedup { speedups.append(speedup) }
      let times = algorithms.map { algorithm in
        let found = possible.first { $0.variant.algorithm == algorithm }
        let mark = algorithm == variant.algorithm ? "*" : " "
        return found.map { NumberText.fixed($0.figures.microsecondsPerImage.median, decimals: 1) + mark } ?? ""
      }
      largestError = max(largestError ?? 0, possible.reduce(0) { max($0, $1.figures.error) })
      let title =
        "\(benchmark.convolution.layers.first ?? ""), \(benchmark.convolution.shape), \(benchmark.threads) "
        + (benchmark.threads == 1 ? "thread" : "threads")
      if title != heading { table.appendHeading(title) }
      heading = title
      table.append(
        [Self.name(benchmark.pass), shown.contains { $0.variant.multiplies } ? product.rawValue : ""] + times + [
          benchmark.method(.auto)?.rawValue ?? "", NumberText.fixed(best.gflops, decimals: 1),
          best.speedup.map { NumberText.fixed($0, decimals: 1) } ?? "",
        ])
    }
  }

  private static func name(_ pass: ConvolutionPass) -> String {
    switch pass {
    case .forward: "forward"
    case .backwardData: "data"
    case .backwardWeights: "weights"
    }
  }

  /// The table, in microseconds per image, and a summary.
  package var lines: [String] {
    guard let largestError else { return [] }
    let summary = [
      "The largest relative error is \(ErrorText.text(largestError)).",
      SpeedupSummary.line(of: "Convolutions with portable products are", over: "with BLAS", decimals: 2, ratios),
      SpeedupSummary.line(of: "The fastest algorithm is", over: "plain loops", speedups),
    ].compactMap { $0 }
    return [
      "Microseconds per image; * marks the fastest; 'auto' is the default; 'data'",
      "and 'weights' are the backward passes. GFLOP/s count the operations of direct",
      "convolution; 'over naive' is how many times as fast as plain loops.", "",
    ] + table.lines + [""] + summary.flatMap { FoldedText.lines($0, columns: FoldedText.terminalColumns) }
  }
}
