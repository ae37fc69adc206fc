internal import Support
internal import BLAS
internal import Jacquard

/// The throughput of a model, or why it was not measured.
struct ModelMeasurement {
  /// What was measured.
  let benchmark: ModelBenchmark
  /// Why there are no figures.
  let failure: String?
  private let figures: Figures?

  private struct Figures {
    let imagesPerSecond: Spread
    let naiveImagesPerSecond: Double?
    let gflops: Double
    let error: Double

    var speedup: Double? { naiveImagesPerSecond.map { imagesPerSecond.median / $0 } }
  }

  /// A measurement.
  ///
  /// - Parameters:
  ///   - multiplyAdds: Per image.
  ///   - error: How far the checked result was from the reference.
  init(
    benchmark: ModelBenchmark, imagesPerSecond: Spread, naiveImagesPerSecond: Double?, multiplyAdds: Int,
    error: Double
  ) {
    self.benchmark = benchmark
    failure = nil
    figures = Figures(
      imagesPerSecond: imagesPerSecond, naiveImagesPerSecond: naiveImagesPerSecond,
      gflops: 2 * Double(multiplyAdds) * imagesPerSecond.median * 1e-9, error: error)
  }

  /// A check that failed.
  init(benchmark: ModelBenchmark, failure: String) {
    self.benchmark = benchmark
    self.failure = failure
    figures = nil
  }

  /// The row of the result.
  var row: BenchmarkRow {
    guard let figures else { return BenchmarkRow(benchmark.key, failure: failure ?? "") }
    return BenchmarkRow(
      benchmark.key,
      figures: [
        "images_per_second": figures.imagesPerSecond.json,
        "gflops": .significant(figures.gflops),
        "speedup_over_naive": figures.speedup.map { .significant($0) } ?? .null,
        "max_relative_error": .significant(figures.error, digits: 3),
      ])
  }

  /// The rows for people.
  static func table(_ measurements: [ModelMeasurement]) -> [String] {
    var table = TextTable([
      ("model", .left), ("mode", .left), ("algorithm", .left), ("batch", .right), ("threads", .right),
      ("images/s", .right), ("p10…p90", .right), ("GFLOP/s", .right), ("over naive", .right),
    ])
    func whole(_ value: Double) -> String { NumberText.grouped(Int(value.rounded())) }
    for measurement in measurements {
      let benchmark = measurement.benchmark
      guard let figures = measurement.figures else { continue }
      let options = benchmark.options
      let name = options.algorithm.rawValue + (options.product == .blas ? "" : ", \(options.product.rawValue) gemm")
      table.append([
        benchmark.model.name, benchmark.mode.rawValue, name, String(benchmark.batch), String(benchmark.threads),
        whole(figures.imagesPerSecond.median),
        whole(figures.imagesPerSecond.p10) + "…" + whole(figures.imagesPerSecond.p90),
        NumberText.fixed(figures.gflops, decimals: 1),
        figures.speedup.map { NumberText.fixed($0, decimals: 1) + " ×" } ?? "",
      ])
    }
    return measurements.contains { $0.failure == nil } ? table.lines : []
  }
}
