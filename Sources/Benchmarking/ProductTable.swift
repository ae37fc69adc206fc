package import LinearAlgebra
internal import Support
internal import Terminal

/// The measured products, as rows for programs and as a table for people.
package struct ProductTable {
  /// The rows, one per product, thread count and implementation.
  package private(set) var rows: [BenchmarkRow] = []
  private var table = TextTable([
    ("product", .left), ("threads", .right), ("naive", .right), ("portable", .right), ("BLAS", .right),
    ("ratio", .right), ("error", .right), ("use", .left),
  ])
  private var speedups: [Double] = []
  private var ratios: [Double] = []
  private var isEmpty = true

  /// A table without rows.
  package init() {}

  /// Adds the outcomes of a product.
  package mutating func append(
    _ benchmark: ProductBenchmark, _ outcomes: [(implementation: MatrixProduct, outcome: ProductBenchmark.Outcome)]
  ) {
    rows += outcomes.map { benchmark.row($0.implementation, $0.outcome) }
    let measured = outcomes.compactMap { $0.outcome.figures }
    guard !measured.isEmpty else { return }
    func figures(_ implementation: MatrixProduct) -> ProductBenchmark.Figures? {
      outcomes.first { $0.implementation == implementation }?.outcome.figures
    }
    let (portable, blas) = (figures(.portable), figures(.blas))
    if let speedup = blas?.speedup { speedups.append(speedup) }
    if let ratio = portable?.ratioToBLAS { ratios.append(ratio) }
    isEmpty = false
    table.append([
      benchmark.product.text, String(benchmark.threads),
      // If plain loops were measured only for comparison, their speed follows from a ratio.
      Self.text(measured.lazy.compactMap { figures in figures.speedup.map { figures.gflops.median / $0 } }.first, 2),
      Self.text(portable?.gflops.median, 1), Self.text(blas?.gflops.median, 1), Self.text(portable?.ratioToBLAS, 2),
      ErrorText.text(measured.map(\.error).reduce(0, max)), benchmark.product.use,
    ])
  }

  /// The table, in GFLOP/s, and a summary.
  package var lines: [String] {
    guard !isEmpty else { return [] }
    let summary = [
      SpeedupSummary.line(of: "BLAS is", over: "plain loops", speedups),
      SpeedupSummary.line(of: "Portable products are", over: "BLAS", decimals: 2, ratios),
    ].compactMap { $0 }
    return [
      "GFLOP/s, all threads together; products are m×n×k, ᵀ where A is transposed;",
      "'ratio' is portable to BLAS; '32→64' are the channels of a 3×3 convolution.", "",
    ] + table.lines
      + (summary.isEmpty ? [] : [""] + summary.flatMap { FoldedText.lines($0, columns: FoldedText.terminalColumns) })
  }

  private static func text(_ value: Double?, _ decimals: Int) -> String {
    value.map { NumberText.fixed($0, decimals: decimals) } ?? ""
  }
}
