internal import Files
internal import Support
internal import Glibc

/// The training of a sweep's runs in processes of their own, several at a time, together with other processes that work on the
/// same folder.
final class SweepTraining {
  /// How runs are trained.
  struct Options {
    var data: String
    var metric: SweepMetric
    var shard: SweepShard
    var jobs: Int
    /// Worker threads of each; what the settings of a run say goes before.
    var threads: Int
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
  private(set) var failures: [Int: CommandFailure] = [:]

  /// Prepares the training of a plan's runs.
  init(_ plan: SweepPlan, options: Options, console: Console) {
    self.plan = plan
    self.options = options
    self.console = console
  }

  /// Trains all there is to train; returns early once somebody asks this process to stop, when its runs have been saved.
  func run() throws {
    defer { for job in jobs { job.process.destroy() } }
    var selection = SweepSelection(plan)
    for rung in plan.halving?.rungs ?? [] {
      try train(selection.places, to: rung)
      if StopSignal.status != nil { return }
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
      if StopSignal.status != nil, !hasForwarded {
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
    let path = plan.path(run)
    var arguments = ["train", "--quiet", "--json", "--data", options.data]
    if state.status == .waiting {
      let settings = "\(plan.folder)/claims/\(run.name).json"
      try AtomicFile.write(text: run.settings.json.indentedText + "\n", to: settings)
      arguments += ["--config", settings, "--out", path]
    } else {
      arguments += ["--resume", path]
    }
    if run.settings.threads == nil { arguments += ["--threads", String(options.threads)] }
    if let rung, rung < run.settings.epochs { arguments += ["--pause-after", String(rung)] }
    return arguments
  }

  /// What stands before the message of a failure.
  private static let errorPrefix = "jacquard: error: "

  private func finish(_ job: Job, _ end: ChildProcess.End, rung: Int?) {
    let run = plan.runs[job.place]
    let state = SweepRunState(plan.path(run))
    if end == .exited(ExitStatus.done.rawValue), state.hasReached(rung) {
      let score = state.score(after: nil)
      let figures = score.map { "validation accuracy \(NumberText.fixed($0.accuracy, decimals: 4))" } ?? "no figures"
      return console.note("\(run.name): \(figures) after epoch \(state.epochs)")
    }
    // What this process has asked to stop has done nothing wrong.
    if StopSignal.status != nil, end == .exited(ExitStatus.terminated.rawValue) { return }
    let said = job.process.errorText.split(separator: "\n").last.map { line in
      String(line.hasPrefix(Self.errorPrefix) ? line.dropFirst(Self.errorPrefix.count) : line)
    }
    let failure: CommandFailure
    switch end {
    case .exited(let code):
      failure = CommandFailure(
        ExitStatus(rawValue: code) ?? .internalError, said ?? "its process ended with exit code \(code)")
    case .signaled(let number):
      failure = CommandFailure(.internalError, "its process was ended by signal \(number)")
    }
    failures[job.place] = failure
    console.warn("\(run.name) failed: \(failure.message)")
  }
}
