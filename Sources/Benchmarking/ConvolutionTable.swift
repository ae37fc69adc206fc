internal import BLAS
package import JacquardEngine
internal import Support
internal import Terminal

/// The convolutions that were measured, as rows for programs and as a table for people.
package struct ConvolutionTable {
  /// The rows, one per convolution, pass, count of threads and algorithm.
  package private(set) var rows: [BenchmarkRow] = []
  private let algorithms: [ConvolutionAlgorithm]
  private var table: TextTable
  private var speedups: [Double] = []
  private var ratios: [Double] = []
  private var isEmpty = true

  /// A table with a column for each algorithm.
  package init(_ algorithms: [ConvolutionAlgorithm]) {
    self.algorithms = algorithms
    table = TextTable(
      [("layer", .left), ("shape", .left), ("pass", .left), ("threads", .right), ("gemm", .left)]
        + algorithms.map { ($0.rawValue, .right) }
        + [("fastest", .left), ("auto", .left), ("GFLOP/s", .right), ("over naive", .right), ("error", .right)])
  }

  /// Adds what a pass came to: a line for each product, the first also with what needs no products.
  package mutating func append(
    _ benchmark: ConvolutionBenchmark,
    _ outcomes: [(variant: ConvolutionBenchmark.Variant, outcome: ConvolutionBenchmark.Outcome)]
  ) {
    rows += outcomes.map { benchmark.row($0.variant, $0.outcome) }
    let measured = outcomes.compactMap { variant, outcome in outcome.figures.map { (variant: variant, figures: $0) } }
    ratios += measured.compactMap(\.figures.ratioToBLAS)
    for product in benchmark.products {
      let shown = measured.filter { $0.variant.product == product }
      // What needs no products is as fast with every product.
      let possible = measured.filter { $0.variant.product == product || !$0.variant.multiplies }
      guard !shown.isEmpty,
        let (variant, best) = possible.min(by: {
          $0.figures.microsecondsPerImage.median < $1.figures.microsecondsPerImage.median
        })
      else { continue }
      let name = variant.algorithm
      if name != .naive, let speedup = best.speedup { speedups.append(speedup) }
      let times = algorithms.map { algorithm in
        shown.first { $0.variant.algorithm == algorithm }
          .map { NumberText.fixed($0.figures.microsecondsPerImage.median, decimals: 1) } ?? ""
      }
      isEmpty = false
      table.append(
        [
          benchmark.convolution.layers.first ?? "", benchmark.convolution.shape, benchmark.pass.rawValue,
          String(benchmark.threads), shown.contains { $0.variant.multiplies } ? product.rawValue : "",
        ] + times + [
          benchmark.method(name)?.rawValue ?? "", benchmark.method(.auto)?.rawValue ?? "",
          NumberText.fixed(best.gflops, decimals: 1),
          best.speedup.map { NumberText.fixed($0, decimals: 1) + " ×" } ?? "", ErrorText.text(best.error),
        ])
    }
  }

  /// The table, in microseconds per image, and what it comes to.
  package var lines: [String] {
    guard !isEmpty else { return [] }
    let summary = [
      SpeedupSummary.line(of: "Convolutions with portable products are", over: "with BLAS", decimals: 2, ratios),
      SpeedupSummary.line(of: "The fastest algorithm is", over: "plain loops", speedups),
    ].compactMap { $0 }
    return [
      "Microseconds per image; 'auto' is what it chooses; GFLOP/s of the fastest count the operations of direct convolution.",
      "",
    ] + table.lines + (summary.isEmpty ? [] : [""] + summary)
  }
}
