internal import ArgumentParser
internal import LinearAlgebra
internal import Benchmarking
internal import JacquardEngine
internal import Runs

/// `jacquard bench model`: the throughput of training and inference.
struct BenchModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Measure the throughput of training and inference.",
    discussion: """
      Images are random and in memory, so no data is needed. Inference runs batch after batch, each split over the threads. GFLOP/s \
      count the operations of direct convolution, whatever the algorithm. The plain loops used for comparison are measured briefly, on \
      the same threads. BLAS and portable products are measured alternately, so that a change in the machine's speed affects both. \
      The shape of the images and the number of classes may follow a model's name.

      Examples:
        jacquard bench model --model cnn --mode train --threads 1,2
        jacquard bench model --model resnet18:224x224x3:1000 --batch-size 8
        jacquard bench model --json --against before.json --tolerance 5
      """)

  @Option(
    help: ArgumentHelp(
      "\(WordOption.models), or a JSON file (\(WordOption.list(ModelBenchmark.usualModels, last: "and"))).",
      valueName: "name|file"),
    completion: .model)
  var model: String?

  @Option(help: ArgumentHelp("train or inference (both).", valueName: "mode"))
  var mode: String?

  @Option(help: ArgumentHelp("Images per batch (128 for training, 100 for inference).", valueName: "n"))
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      "How convolutions are computed: \(WordOption.list(ConvolutionAlgorithm.self)) (auto).", valueName: "name"))
  var algorithm: String?

  @Option(
    help: ArgumentHelp(
      "How matrix products are computed: blas, portable or naive (blas and portable).", valueName: "name"))
  var gemm: String?

  @Flag(name: .customLong("no-naive"), help: "Leave out the plain loops, but still check results.")
  var leavesOutNaive = false

  @OptionGroup(title: "Measurement") var measurement: BenchmarkOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    try TrainingConfiguration.Settings.batchSize.check(batchSize)
    _ = try (modes(), chosenAlgorithm(), products())
  }

  func run() throws {
    let session = try BenchmarkSession(
      .model, options: measurement, output: output, seconds: 3, threads: { [$0] })
    let benchmarks = try benchmarks(threads: session.threads, memory: session.machine.memory)
    var progress = BenchmarkProgress(console: session.console, total: benchmarks.count)
    defer { progress.end() }
    let peaks = try session.peaks()
    var measurements: [ModelMeasurement] = []
    for benchmark in benchmarks {
      progress.begin(benchmark.name)
      measurements.append(contentsOf: try benchmark.measured(with: session.sampler, measuresNaive: !leavesOutNaive))
    }
    progress.end()
    try session.finish(measurements.map(\.row), peaks: peaks, table: ModelMeasurement.table(measurements))
  }

  /// Every model in every mode with every thread count.
  private func benchmarks(threads: [Int], memory: Int?) throws -> [ModelBenchmark] {
    let (modes, algorithm, products) = try (modes(), chosenAlgorithm(), products())
    var benchmarks: [ModelBenchmark] = []
    for name in model.map({ [$0] }) ?? ModelBenchmark.usualModels {
      var model = try ModelReference.model(name)
      // One model for images of several sizes is several rows.
      if case .named(let named)? = try? ModelReference(name), named.inputShape != nil { model.name = name }
      for mode in modes {
        var settings = TrainSettings()
        settings.batchSize = batchSize ?? mode.usualBatch
        try MemoryCheck.check(model, settings: settings, memory: memory, networks: products.count)
        benchmarks += threads.map {
          ModelBenchmark(
            model: model, mode: mode, algorithm: algorithm, products: products, batch: settings.batchSize, threads: $0)
        }
      }
    }
    return benchmarks
  }

  private func modes() throws(ValidationError) -> [BenchmarkMode] {
    guard let mode else { return BenchmarkMode.allCases }
    return [try WordOption.value(mode, flag: "--mode")]
  }

  private func chosenAlgorithm() throws(ValidationError) -> ConvolutionAlgorithm {
    guard let algorithm else { return .auto }
    return try WordOption.value(algorithm, flag: "--algorithm")
  }

  private func products() throws(ValidationError) -> [MatrixProduct] {
    guard let gemm else { return [.blas, .portable] }
    return [try WordOption.value(gemm, flag: "--gemm")]
  }
}
