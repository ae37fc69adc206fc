internal import ArgumentParser
internal import LinearAlgebra
internal import Benchmarking
internal import JacquardEngine
internal import Runs
internal import Support

/// `jacquard bench conv`: the speed of convolutions.
struct BenchConv: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conv",
    abstract: "Measure convolutions: every pass with every algorithm.",
    discussion: """
      The convolutions are those of lenet, cnn and vgg, or of --model, each once, without bias. Each thread has its own images; times \
      are those of all threads together. Algorithms that do not suit a convolution are left out. Work that training does on the weights \
      once per step does not count. Algorithms that need matrix products are measured with BLAS and with portable products, alternately, \
      so that a change in the machine's speed affects both. Results are checked in double precision.

      Examples:
        jacquard bench conv --model vgg --pass forward
      """)

  @Option(
    help: ArgumentHelp("The convolutions of \(WordOption.models), or a JSON file.", valueName: "name|file"),
    completion: .model)
  var model: String?

  @Option(help: ArgumentHelp("Only this pass: forward, backward_data or backward_weights (all).", valueName: "name"))
  var pass: String?

  @Option(
    help: ArgumentHelp(
      "Only this algorithm: \(WordOption.list(ConvolutionAlgorithm.self)) (all but auto).", valueName: "name"))
  var algorithm: String?

  @Option(
    help: ArgumentHelp(
      "How matrix products are computed: blas, portable or naive (blas and portable).", valueName: "name"))
  var gemm: String?

  @Option(help: ArgumentHelp("Images per call, per thread.", valueName: "n"))
  var batchSize = 16

  @Flag(name: .customLong("no-naive"), help: "Leave out the plain loops, but still check results.")
  var leavesOutNaive = false

  @OptionGroup(title: "Measurement") var measurement: BenchmarkOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard 1...4096 ~= batchSize else {
      throw ValidationError("--batch-size must be a whole number from 1 to 4096, not '\(batchSize)'.")
    }
    _ = try (passes(), algorithms(), products())
  }

  func run() throws {
    let (algorithms, passes, products) = try (algorithms(), passes(), products())
    let models = try (model.map { [$0] } ?? ModelBenchmark.usualModels).map { try ModelReference.model($0) }
    for model in models { try model.validate() }
    let cases = ConvolutionCase.cases(of: models)
    guard !cases.isEmpty else {
      throw Failure(.usage, "--model \(model ?? ""): the model has no convolution to measure.")
    }
    let session = try BenchmarkSession(.conv, options: measurement, output: output, seconds: 0.2, threads: { _ in [1] })
    let benchmarks = cases.flatMap { convolution in
      passes.flatMap { pass in
        session.threads.map {
          ConvolutionBenchmark(
            convolution: convolution, pass: pass, products: products, batch: batchSize, threads: $0)
        }
      }
    }.filter { benchmark in algorithms.contains { benchmark.method($0) != nil } }
    guard !benchmarks.isEmpty else {
      throw Failure(.usage, "--algorithm \(algorithm ?? ""): it supports none of these convolutions.")
    }
    var progress = BenchmarkProgress(console: session.console, total: benchmarks.count)
    defer { progress.end() }
    let peaks = try session.peaks()
    var table = ConvolutionTable(algorithms)
    for benchmark in benchmarks {
      progress.begin("\(benchmark.convolution.shape) \(benchmark.pass.rawValue) threads \(benchmark.threads)")
      table.append(
        benchmark, try benchmark.measured(algorithms, with: session.sampler, measuresNaive: !leavesOutNaive))
    }
    progress.end()
    try session.finish(table.rows, peaks: peaks, table: table.lines)
  }

  private func passes() throws(ValidationError) -> [ConvolutionPass] {
    guard let pass else { return ConvolutionPass.allCases }
    return [try WordOption.value(pass, flag: "--pass")]
  }

  private func algorithms() throws(ValidationError) -> [ConvolutionAlgorithm] {
    if let algorithm {
      let chosen: ConvolutionAlgorithm = try WordOption.value(algorithm, flag: "--algorithm")
      guard chosen != .naive || !leavesOutNaive else {
        throw ValidationError("--algorithm naive and --no-naive leave nothing to measure.")
      }
      return [chosen]
    }
    return ConvolutionAlgorithm.allCases.filter { $0 != .auto && ($0 != .naive || !leavesOutNaive) }
  }

  private func products() throws(ValidationError) -> [MatrixProduct] {
    guard let gemm else { return [.blas, .portable] }
    return [try WordOption.value(gemm, flag: "--gemm")]
  }
}
