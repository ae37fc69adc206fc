internal import JacquardEngine
internal import LinearAlgebra
internal import Benchmarking
internal import Runs
internal import Support
internal import Terminal

/// What the benchmarks of one command share: machine, threads, the earlier result, and the end.
struct BenchmarkSession {
  /// Where results and progress go.
  let console: Console
  /// The description of this machine.
  let machine: Machine
  /// The thread counts to measure.
  let threads: [Int]
  /// The sampler of each row.
  let sampler: Sampler
  private let kind: BenchmarkKind
  private let facts: JSONValue
  private let earlier: EarlierBenchmark?
  private let tolerance: Double
  private let printsJSON: Bool

  /// Reads the earlier result. Measures nothing yet.
  ///
  /// - Parameters:
  ///   - seconds: How long to measure each row if the options do not say.
  ///   - threads: The thread counts for a given number of cores if the options do not say.
  init(
    _ kind: BenchmarkKind, options: BenchmarkOptions, output: OutputOptions, seconds: Double,
    threads: (_ cores: Int) -> [Int]
  ) throws {
    self.kind = kind
    console = output.console
    try BLASLibrary.check()
    machine = Machine()
    facts = machine.json(with: BLASLibrary())
    self.threads = try options.threadCounts(default: threads(min(WorkerTeam.largestCount, machine.cores)))
    BLASFinding.warn(on: console, workers: self.threads.max() ?? 1)
    earlier = try options.earlier(kind, machine: facts, console: console)
    tolerance = options.tolerance
    printsJSON = output.json
    sampler = Sampler(seconds: options.seconds ?? seconds)
  }

  /// The speed of large products, as a yardstick for the rows.
  func peaks() throws -> [ProductPeak] { try ProductPeak.measured(threads: threads, seconds: sampler.seconds) }

  /// Prints the result and compares it with the earlier one.
  ///
  /// - Throws: a `Failure` if rows failed, or are slower than before.
  func finish(_ rows: [BenchmarkRow], peaks: [ProductPeak], table: [String]) throws {
    let comparison = earlier.map {
      BenchmarkComparison(rows.map(\.json), with: $0, kind: kind, tolerance: tolerance)
    }
    let report = BenchmarkReport(kind: kind, machine: facts, peaks: peaks, rows: rows, comparison: comparison)
    try console.result(printsJSON ? [report.json.text] : report.lines(table: table))
    try report.check()
  }
}
