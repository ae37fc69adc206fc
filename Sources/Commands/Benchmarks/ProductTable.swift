internal import Support
internal import BLAS

/// The products that were measured, as rows for programs and as a table for people.
struct ProductTable {
  /// The rows, one per product, count of threads and implementation.
  private(set) var rows: [BenchmarkRow] = []
  private var table = TextTable([
    ("product", .left), ("use", .left), ("threads", .right), ("naive", .right), ("BLAS", .right), ("p10…p90", .right),
    ("BLAS over naive", .right), ("error", .right),
  ])
  private var speedups: [Double] = []
  private var isEmpty = true

  /// Adds what a product came to.
  mutating func append(
    _ benchmark: ProductBenchmark, _ outcomes: [(implementation: MatrixProduct, outcome: ProductBenchmark.Outcome)]
  ) {
    rows += outcomes.map { benchmark.row($0.implementation, $0.outcome) }
    func figures(_ implementation: MatrixProduct) -> ProductBenchmark.Figures? {
      outcomes.first { $0.implementation == implementation }?.outcome.figures
    }
    let (naive, blas) = (figures(.naive), figures(.blas))
    guard let shown = blas ?? naive else { return }
    let speedup = blas?.speedup
    if let speedup { speedups.append(speedup) }
    // Where plain loops were measured only to compare with, their speed follows from the ratio.
    let naiveSpeed = naive?.gflops.median ?? speedup.flatMap { ratio in blas.map { $0.gflops.median / ratio } }
    isEmpty = false
    table.append([
      benchmark.product.text, benchmark.product.use, String(benchmark.threads), Self.text(naiveSpeed, decimals: 2),
      Self.text(blas?.gflops.median, decimals: 1),
      Self.text(shown.gflops.p10, decimals: 1) + "…" + Self.text(shown.gflops.p90, decimals: 1),
      speedup.map { Self.text($0, decimals: 1) + " ×" } ?? "", ErrorText.text(shown.error),
    ])
  }

  /// The table, in GFLOP/s, and what it comes to.
  var lines: [String] {
    guard !isEmpty else { return [] }
    let summary = SpeedupSummary.line(of: "BLAS", speedups: speedups)
    return ["GFLOP/s, all threads together; products are m×n×k, ᵀ where A is transposed.", ""] + table.lines
      + (summary.map { ["", $0] } ?? [])
  }

  private static func text(_ value: Double?, decimals: Int) -> String {
    value.map { NumberText.fixed($0, decimals: decimals) } ?? ""
  }
}
