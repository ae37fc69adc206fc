package import LinearAlgebra
internal import JacquardEngine
internal import Support
internal import Terminal

/// The throughput of a model, or why it was not measured.
package struct ModelMeasurement {
  /// What was measured.
  package let benchmark: ModelBenchmark
  /// The implementation of its matrix products.
  package let product: MatrixProduct
  /// Why there are no figures.
  package let failure: String?
  private let figures: Figures?

  private struct Figures {
    let imagesPerSecond: Spread
    let naiveImagesPerSecond: Double?
    let blasImagesPerSecond: Double?
    let gflops: Double
    let error: Double

    var speedup: Double? { naiveImagesPerSecond.map { imagesPerSecond.median / $0 } }

    var ratioToBLAS: Double? { blasImagesPerSecond.map { imagesPerSecond.median / $0 } }
  }

  /// A measurement.
  ///
  /// - Parameters:
  ///   - blasImagesPerSecond: For portable products, the speed with BLAS if it was measured too.
  ///   - multiplyAdds: Per image.
  ///   - error: The error of the checked result.
  package init(
    benchmark: ModelBenchmark, product: MatrixProduct, imagesPerSecond: Spread, naiveImagesPerSecond: Double?,
    blasImagesPerSecond: Double?, multiplyAdds: Int, error: Double
  ) {
    self.benchmark = benchmark
    self.product = product
    failure = nil
    figures = Figures(
      imagesPerSecond: imagesPerSecond, naiveImagesPerSecond: naiveImagesPerSecond,
      blasImagesPerSecond: blasImagesPerSecond, gflops: 2 * Double(multiplyAdds) * imagesPerSecond.median * 1e-9,
      error: error)
  }

  /// A failed check.
  package init(benchmark: ModelBenchmark, product: MatrixProduct, failure: String) {
    self.benchmark = benchmark
    self.product = product
    self.failure = failure
    figures = nil
  }

  /// The row of the result.
  package var row: BenchmarkRow {
    let key = benchmark.key(product)
    guard let figures else { return BenchmarkRow(key, failure: failure ?? "") }
    return BenchmarkRow(
      key, product: product, ratioToBLAS: figures.ratioToBLAS,
      figures: [
        "images_per_second": figures.imagesPerSecond.json,
        "gflops": .significant(figures.gflops),
        "speedup_over_naive": figures.speedup.map { .significant($0) } ?? .null,
        "max_relative_error": .significant(figures.error, digits: 3),
      ])
  }

  /// The table for people, which fits 80 columns: a heading per model and mode, with a row per variant.
  package static func table(_ measurements: [ModelMeasurement]) -> [String] {
    var table = TextTable([
      ("algorithm", .left), ("gemm", .left), ("threads", .right), ("images/s", .right), ("p10…p90", .right),
      ("GFLOP/s", .right), ("over naive", .right), ("over BLAS", .right),
    ])
    func times(_ ratio: Double?, _ decimals: Int) -> String {
      ratio.map { NumberText.fixed($0, decimals: decimals) } ?? ""
    }
    func whole(_ value: Double) -> String { NumberText.whole(value) }
    var heading = ""
    for measurement in measurements {
      let benchmark = measurement.benchmark
      guard let figures = measurement.figures else { continue }
      let title = "\(benchmark.model.name), \(benchmark.mode.rawValue), batch \(benchmark.batch)"
      if title != heading { table.appendHeading(title) }
      heading = title
      table.append([
        benchmark.algorithm.rawValue, measurement.product.rawValue, String(benchmark.threads),
        whole(figures.imagesPerSecond.median),
        whole(figures.imagesPerSecond.p10) + "…" + whole(figures.imagesPerSecond.p90),
        NumberText.fixed(figures.gflops, decimals: 1), times(figures.speedup, 1), times(figures.ratioToBLAS, 2),
      ])
    }
    let ratios = measurements.compactMap { $0.figures?.ratioToBLAS }
    let summary = SpeedupSummary.line(of: "Models with portable products are", over: "with BLAS", decimals: 2, ratios)
    let lines = summary.map { [""] + FoldedText.lines($0, columns: FoldedText.terminalColumns) } ?? []
    return measurements.contains { $0.failure == nil } ? table.lines + lines : []
  }
}
