internal import JacquardEngine
internal import BLAS
internal import Benchmarking
internal import Runs
internal import Support
internal import Terminal

/// What the benchmarks of one command line share: machine, threads, the earlier result, and how all of it ends.
struct BenchmarkSession {
  /// Where results and progress go.
  let console: Console
  /// What this machine is made of.
  let machine: Machine
  /// The counts of threads to measure.
  let threads: [Int]
  /// The sampler of each row.
  let sampler: Sampler
  private let kind: BenchmarkKind
  private let facts: JSONValue
  private let earlier: EarlierBenchmark?
  private let tolerance: Double
  private let printsJSON: Bool

  /// Reads the earlier result; nothing has been measured yet.
  ///
  /// - Parameters:
  ///   - seconds: How long each row is measured where the options do not say it.
  ///   - threads: The counts of threads for a machine of so many cores where the options do not say it.
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

  /// The speed of large products, to judge the rows by.
  func peaks() throws -> [ProductPeak] { try ProductPeak.measured(threads: threads, seconds: sampler.seconds) }

  /// Prints the result and compares it.
  ///
  /// - Throws: a `Failure` for rows that failed, and for rows that are slower than before.
  func finish(_ rows: [BenchmarkRow], peaks: [ProductPeak], table: [String]) throws {
    let comparison = earlier.map {
      BenchmarkComparison(rows.map(\.json), with: $0, kind: kind, tolerance: tolerance)
    }
    let report = BenchmarkReport(kind: kind, machine: facts, peaks: peaks, rows: rows, comparison: comparison)
    try console.result(printsJSON ? [report.json.text] : report.lines(table: table))
    try report.check()
  }
}
