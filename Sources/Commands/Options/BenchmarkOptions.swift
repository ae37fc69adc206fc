internal import JacquardEngine
internal import ArgumentParser
internal import Benchmarking
internal import Support
internal import Terminal

/// How long and on how many threads a benchmark measures, and the result to compare with.
struct BenchmarkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Seconds to measure each row, after a warm-up of a fifth of that (gemm and conv 0.2, model 3).", valueName: "s"))
  var seconds: Double?

  @Option(
    help: ArgumentHelp(
      "Thread count, or several such as 1,2, with a row for each (gemm 1 and all cores, conv 1, model all cores).",
      valueName: "n"))
  var threads: String?

  @Option(
    help: ArgumentHelp(
      "Compare with an earlier result, printed with --json; the exit code is 3 if a row is slower.",
      valueName: "file"), completion: .file())
  var against: String?

  @Option(help: ArgumentHelp("How much slower than --against a row may be.", valueName: "percent"))
  var tolerance = 10.0

  func validate() throws {
    if let seconds, !(seconds > 0 && seconds <= 3600) {
      throw ValidationError("--seconds must be a number above 0 and at most 3600, not '\(seconds)'.")
    }
    guard tolerance >= 0 && tolerance < 100 else {
      throw ValidationError("--tolerance must be a number of at least 0 and below 100, not '\(tolerance)'.")
    }
    _ = try threadCounts(default: [1])
  }

  /// The requested thread counts.
  func threadCounts(default counts: [Int]) throws(ValidationError) -> [Int] {
    guard let threads else { return counts }
    let parts = threads.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let asked = parts.compactMap { $0 }.filter { TrainingConfiguration.Settings.threads.allows($0) }
    guard asked.count == parts.count, Set(asked).count == asked.count else {
      throw ValidationError(
        "--threads must be \(TrainingConfiguration.Settings.threads.allowed), or several such as 1,2, not '\(threads)'."
      )
    }
    return asked
  }

  /// The earlier result, read before measuring; warns if it comes from another machine.
  func earlier(_ kind: BenchmarkKind, machine: JSONValue, console: Console) throws(Failure) -> EarlierBenchmark? {
    guard let against else { return nil }
    let earlier = try EarlierBenchmark(path: against, kind: kind)
    if let difference = earlier.machineDifference(from: machine) { console.warn(text: difference) }
    return earlier
  }
}
