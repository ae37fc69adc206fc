internal import JacquardEngine
internal import Files
internal import Glibc
internal import Runs
package import Support
package import Terminal

/// Trains a sweep's runs in child processes, several at a time, together with other processes that work on the
/// same folder.
package final class SweepTraining {
  /// The work of a process on a run.
  package struct Task {
    /// The file with the run's settings; nil for a run that continues.
    package let settings: String?
    /// The run's folder.
    package let folder: String
    /// Worker threads; nil for those of the settings.
    package let threads: Int?
    /// The epoch after which the run pauses; nil to train it to its end.
    package let pauseEpoch: Int?
  }

  /// How to train runs.
  package struct Options {
    /// The arguments after the verb `worker` for a task.
    package var arguments: (Task) -> [String]
    package var metric: SweepMetric
    package var shard: SweepShard
    package var jobs: Int
    /// Worker threads of each run; a run's own settings take precedence.
    package var threads: Int

    /// Describes how to train runs.
    package init(
      arguments: @escaping (Task) -> [String], metric: SweepMetric, shard: SweepShard, jobs: Int, threads: Int
    ) {
      self.arguments = arguments
      self.metric = metric
      self.shard = shard
      self.jobs = jobs
      self.threads = threads
    }
  }

  private struct Job {
    let place: Int
    let process: ChildProcess
    let claim: SweepClaim
  }

  private let plan: SweepPlan
  private let options: Options
  private let console: Console
  private var jobs: [Job] = []
  /// The runs that failed in this process, and why.
  package private(set) var failures: [Int: Failure] = [:]

  /// Prepares the training of a plan's runs.
  package init(_ plan: SweepPlan, options: Options, console: Console) {
    self.plan = plan
    self.options = options
    self.console = console
  }

  /// Trains all remaining runs; after a request to stop, returns early when its runs have been saved.
  package func run() throws {
    defer { for job in jobs { job.process.destroy() } }
    var selection = SweepSelection(plan)
    for rung in plan.halving?.rungs ?? [] {
      try train(selection.places, to: rung)
      if StopSignal.request != nil { return }
      let before = selection.places.count
      if let halving = plan.halving { selection.advance(plan, after: rung, metric: options.metric, halving: halving) }
      console.note("after epoch \(rung): \(selection.places.count) of \(before) runs continue")
    }
    try train(selection.places.filter(options.shard.contains), to: nil)
  }

  /// Trains runs up to a rung.
  private func train(_ places: [Int], to rung: Int?) throws {
    var hasForwarded = false
    var waiting = places
    while true {
      if StopSignal.request != nil, !hasForwarded {
        for job in jobs { job.process.signal(SIGTERM) }
        hasForwarded = true
      }
      if !hasForwarded { try begin(&waiting, rung: rung) }
      if jobs.isEmpty {
        // Others are working on the rest; only rungs have to wait for them.
        if hasForwarded || waiting.isEmpty || rung == nil { return }
      }
      ChildProcess.wait(for: jobs.map(\.process), seconds: 0.5)
      for index in jobs.indices.reversed() {
        if let end = jobs[index].process.end { finish(jobs.remove(at: index), end, rung: rung) }
      }
    }
  }

  /// Starts what can be started; leaves in `waiting` what others are training.
  private func begin(_ waiting: inout [Int], rung: Int?) throws {
    // Only a process that can start something needs to look at all folders again.
    if jobs.count >= options.jobs { return }
    var left: [Int] = []
    for place in waiting {
      let run = plan.runs[place]
      let path = plan.path(run)
      // Checked again with the claim in hand: another process may have trained it in the meantime.
      if failures[place] != nil || SweepRunState(path).hasReached(rung) { continue }
      guard jobs.count < options.jobs, let claim = try SweepClaim(run: path, name: run.name, folder: plan.folder) else {
        left.append(place)
        continue
      }
      let state = SweepRunState(path)
      if state.hasReached(rung) { continue }
      console.note(
        "\(run.name) \(state.status == .waiting ? "starts" : "continues")\(Self.text(plan.variedSettings(run)))")
      // The file and the folder define everything; variables would change the settings.
      let process = try ChildProcess(
        worker: try arguments(run, state: state, rung: rung), capturesErrors: true, withoutVariables: "JACQUARD_")
      jobs.append(Job(place: place, process: process, claim: claim))
    }
    waiting = left
  }

  private static func text(_ score: EpochSummary.Score) -> String { NumberText.fixed(score.accuracy, decimals: 4) }

  private static func text(_ settings: [JSONValue.Member]) -> String {
    if settings.isEmpty { return "" }
    return ": " + settings.map { "\($0.name) \(BatchColumn.cell($0.value))" }.joined(separator: ", ")
  }

  private func arguments(_ run: SweepPlan.Run, state: SweepRunState, rung: Int?) throws -> [String] {
    var file: String?
    if state.status == .waiting {
      let path = "\(plan.folder)/claims/\(run.name).json"
      try AtomicFile.write(text: run.settings.json.indentedText + "\n", to: path)
      file = path
    }
    return options.arguments(
      Task(
        settings: file, folder: plan.path(run), threads: run.settings.threads == nil ? options.threads : nil,
        pauseEpoch: rung.flatMap { $0 < run.settings.epochs ? $0 : nil }))
  }

  /// The prefix of a failure's message.
  private static let errorPrefix = "jacquard: error: "

  private func finish(_ job: Job, _ end: ChildProcess.End, rung: Int?) {
    let run = plan.runs[job.place]
    let state = SweepRunState(plan.path(run))
    if end == .exited(0), state.hasReached(rung) {
      var figures: [String] = []
      if let score = state.score(after: nil) {
        figures.append("validation accuracy \(Self.text(score)) after epoch \(state.epochs)")
      }
      if let score = state.test { figures.append("test accuracy \(Self.text(score))") }
      return console.note("\(run.name): \(figures.isEmpty ? "no figures" : figures.joined(separator: ", "))")
    }
    // A process that was asked to stop has not failed; it reports the signal as a shell would.
    if StopSignal.request != nil, end == .exited(128 + SIGTERM) { return }
    let said = job.process.errorText.split(separator: "\n").last.map { line in
      String(line.hasPrefix(Self.errorPrefix) ? line.dropFirst(Self.errorPrefix.count) : line)
    }
    let failure: Failure
    switch end {
    case .exited(let code):
      failure = Failure(
        console.wording.kind(of: Int(code)) ?? .internalError,
        text: said ?? "its process ended with exit code \(code)")
    case .signaled(let number):
      failure = Failure(.internalError, "its process was killed by signal \(number)")
    }
    failures[job.place] = failure
    console.warn("\(run.name) failed: \(failure.message)")
  }
}
