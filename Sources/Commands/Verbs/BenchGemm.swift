internal import ArgumentParser
internal import LinearAlgebra
internal import Benchmarking

/// `jacquard bench gemm`: the speed of matrix products.
struct BenchGemm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gemm",
    abstract: "Measure matrix products: plain loops, portable, BLAS.",
    discussion: """
      The products are those that the built-in models need, and squares. Each thread computes its own products; GFLOP/s are those of \
      all threads together. Portable products and BLAS are measured alternately, so that a change in the machine's speed affects both. \
      Results are checked in double precision.

      Examples:
        jacquard bench gemm --size 64x64x288 --threads 1,2
      """)

  @Option(
    help: ArgumentHelp("Only this product, m×n×k, such as 64x32x288; repeat it for several.", valueName: "mxnxk"))
  var size: [String] = []

  @Option(help: ArgumentHelp("Only this implementation: blas, portable or naive (all).", valueName: "name"))
  var gemm: String?

  @Flag(name: .customLong("no-naive"), help: "Leave out the plain loops, but still check results.")
  var leavesOutNaive = false

  @OptionGroup(title: "Measurement") var measurement: BenchmarkOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    _ = try (products(), implementations())
  }

  func run() throws {
    let (products, implementations) = try (products(), implementations())
    let session = try BenchmarkSession(
      .gemm, options: measurement, output: output, seconds: 0.2, threads: { $0 == 1 ? [1] : [1, $0] })
    let benchmarks = products.flatMap { product in
      session.threads.map { ProductBenchmark(product: product, threads: $0) }
    }
    var progress = BenchmarkProgress(console: session.console, total: benchmarks.count)
    defer { progress.end() }
    let peaks = try session.peaks()
    var table = ProductTable()
    for benchmark in benchmarks {
      progress.begin("\(benchmark.product.text) threads \(benchmark.threads)")
      table.append(
        benchmark,
        try benchmark.measured(implementations, with: session.sampler, measuresNaive: !leavesOutNaive))
    }
    progress.end()
    try session.finish(table.rows, peaks: peaks, table: table.lines)
  }

  private func products() throws(ValidationError) -> [ProductCase] {
    guard !size.isEmpty else { return ProductCase.usual }
    var products: [ProductCase] = []
    for text in size {
      guard let product = ProductCase(text), !products.contains(product) else {
        throw ValidationError(
          "--size must be three whole numbers from 1 to 16384 such as 64x32x288, each product once, not '\(text)'.")
      }
      products.append(product)
    }
    return products
  }

  private func implementations() throws(ValidationError) -> [MatrixProduct] {
    if let gemm {
      let implementation: MatrixProduct = try WordOption.value(gemm, flag: "--gemm")
      guard implementation != .naive || !leavesOutNaive else {
        throw ValidationError("--gemm naive and --no-naive leave nothing to measure.")
      }
      return [implementation]
    }
    return (leavesOutNaive ? [] : [.naive]) + [.portable, .blas]
  }
}
