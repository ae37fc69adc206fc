internal import JacquardEngine
internal import Files
internal import Glibc
internal import Runs
package import Support
package import Terminal

/// The training of a sweep's runs in processes of their own, several at a time, together with other processes that work on the
/// same folder.
package final class SweepTraining {
  /// What a process is to do about a run.
  package struct Task {
    /// The file with the run's settings; nil for a run that has begun, and goes on.
    package let settings: String?
    /// The run's folder.
    package let folder: String
    /// Worker threads; nil for those of the settings.
    package let threads: Int?
    /// The epochs after which the run is left to be resumed; nil to train it to its end.
    package let pauseEpoch: Int?
  }

  /// How runs are trained.
  package struct Options {
    /// What follows the verb `worker` for a task.
    package var arguments: (Task) -> [String]
    package var metric: SweepMetric
    package var shard: SweepShard
    package var jobs: Int
    /// Worker threads of each; what the settings of a run say goes before.
    package var threads: Int

    /// Says how runs are trained.
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
  /// The runs that went wrong while this process trained them, and why.
  package private(set) var failures: [Int: Failure] = [:]

  /// Prepares the training of a plan's runs.
  package init(_ plan: SweepPlan, options: Options, console: Console) {
    self.plan = plan
    self.options = options
    self.console = console
  }

  /// Trains all there is to train; returns early once somebody asks this process to stop, when its runs have been saved.
  package func run() throws {
    defer { for job in jobs { job.process.destroy() } }
    var selection = SweepSelection(plan)
    for rung in plan.halving?.rungs ?? [] {
      try train(selection.places, to: rung)
      if StopSignal.request != nil { return }
      let before = selection.places.count
      if let halving = plan.halving { selection.advance(plan, after: rung, metric: options.metric, halving: halving) }
      console.note("after epoch \(rung): \(selection.places.count) of \(before) runs go on")
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
        // Others are at work on what is left; only rungs have to wait for them.
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
    // Looking at all folders again is for who has something to begin.
    if jobs.count >= options.jobs { return }
    var left: [Int] = []
    for place in waiting {
      let run = plan.runs[place]
      let path = plan.path(run)
      // Looked at again once the claim is ours: another process may have trained it in the meantime.
      if failures[place] != nil || SweepRunState(path).hasReached(rung) { continue }
      guard jobs.count < options.jobs, let claim = try SweepClaim(run: path, name: run.name, folder: plan.folder) else {
        left.append(place)
        continue
      }
      let state = SweepRunState(path)
      if state.hasReached(rung) { continue }
      console.note(
        "\(run.name) \(state.status == .waiting ? "begins" : "goes on")\(Self.text(plan.variedSettings(run)))")
      // The file and the folder say all there is to say; variables would change the settings.
      let process = try ChildProcess(
        worker: try arguments(run, state: state, rung: rung), capturesErrors: true, withoutVariables: "JACQUARD_")
      jobs.append(Job(place: place, process: process, claim: claim))
    }
    waiting = left
  }

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

  /// What stands before the message of a failure.
  private static let errorPrefix = "jacquard: error: "

  private func finish(_ job: Job, _ end: ChildProcess.End, rung: Int?) {
    let run = plan.runs[job.place]
    let state = SweepRunState(plan.path(run))
    if end == .exited(0), state.hasReached(rung) {
      let score = state.score(after: nil)
      let figures = score.map { "validation accuracy \(NumberText.fixed($0.accuracy, decimals: 4))" } ?? "no figures"
      return console.note("\(run.name): \(figures) after epoch \(state.epochs)")
    }
    // What this process has asked to stop has done nothing wrong; it ends as a shell would report the signal.
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
      failure = Failure(.internalError, "its process was ended by signal \(number)")
    }
    failures[job.place] = failure
    console.warn("\(run.name) failed: \(failure.message)")
  }
}
