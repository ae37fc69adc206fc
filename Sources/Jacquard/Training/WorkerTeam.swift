internal import BLAS
internal import Glibc

/// Work that every member of a team does at the same time.
package protocol TeamJob: AnyObject, Sendable {
  /// One worker's part; every worker calls `team.meet()` equally often.
  func run(worker: Int, team: WorkerTeam)
}

/// A fixed group of threads that do a job together, again and again.
///
/// The calling thread is worker 0; the others wait between jobs, spinning for a moment and then asleep. Nothing is
/// allocated per job. Workers treat denormal numbers as zero; which worker computes what never shows in results. A
/// team does one job at a time.
public final class WorkerTeam: Sendable {
  /// How many threads work, the caller's included.
  public let count: Int
  private let shared: TeamState

  /// A team of `threads` threads, at least one.
  public init(threads: Int) {
    require((1...256).contains(threads), "WorkerTeam: 1 to 256 threads, found \(threads)")
    count = threads
    shared = TeamState(count: threads)
    for worker in 1..<threads {
      TeamThread.start { [shared] in shared.serve(worker: worker) }
    }
  }

  deinit { shared.dismiss() }

  /// Has every worker run `job`; returns when all have finished.
  package func run(_ job: any TeamJob) {
    shared.start(job, team: self)
    Kernels.flushingDenormals { job.run(worker: 0, team: self) }
    shared.finish()
  }

  /// Waits until every worker has come here.
  package func meet() { shared.meeting.wait() }
}

/// What the threads of a team share; they hold it, not the team, so a team that is let go ends.
private final class TeamState: @unchecked Sendable {
  let meeting: Rendezvous
  private let gate: Rendezvous
  private let count: Int
  // Written by worker 0 before the gate opens and read by the others after it.
  private var job: (any TeamJob)?
  private unowned(safe) var team: WorkerTeam?

  init(count: Int) {
    self.count = count
    meeting = Rendezvous(parties: count)
    gate = Rendezvous(parties: count)
  }

  func start(_ job: any TeamJob, team: WorkerTeam) {
    self.job = job
    self.team = team
    gate.wait()
  }

  func finish() {
    gate.wait()
    job = nil
  }

  func dismiss() {
    job = nil
    gate.wait()
  }

  func serve(worker: Int) {
    while true {
      gate.wait()
      guard let job, let team else { return }
      Kernels.flushingDenormals { job.run(worker: worker, team: team) }
      gate.wait()
    }
  }
}
