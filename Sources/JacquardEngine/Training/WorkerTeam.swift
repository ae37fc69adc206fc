internal import Support

/// Work that every member of a team does at the same time.
package protocol TeamJob: AnyObject, Sendable {
  /// One worker's part; every worker calls `crew.meet()` equally often.
  func run(worker: Int, crew: Crew)
}

/// A fixed group of threads that do a job together, again and again.
///
/// The calling thread is worker 0; the others wait between jobs, spinning for a moment and then asleep. Nothing is
/// allocated per job. Workers treat denormal numbers as zero; which worker computes what never shows in results. A
/// team does one job at a time.
public final class WorkerTeam: Sendable {
  /// How many threads work, the caller's included.
  public let count: Int
  private let crew: Crew
  private let threads: [TeamThread]

  /// A team of `threads` threads, at least one; nil for one per processor.
  public init(threads: Int? = nil) {
    let threads = threads ?? min(256, Hardware.processorCount)
    require((1...256).contains(threads), "WorkerTeam: 1 to 256 threads, found \(threads)")
    count = threads
    let crew = Crew(count: threads)
    self.crew = crew
    self.threads = (1..<threads).map { worker in TeamThread { crew.serve(worker: worker) } }
  }

  // A library may be unloaded, and a process be looked at for leaks, as soon as its last team is gone.
  deinit {
    crew.dismiss()
    for thread in threads { thread.join() }
  }

  /// Has every worker run `job`; returns when all have finished.
  package func run(_ job: any TeamJob) {
    crew.start(job)
    Kernels.flushingDenormals { job.run(worker: 0, crew: crew) }
    crew.finish()
  }
}

/// The threads of a team, as a job sees them.
///
/// Threads hold the crew and never the team: the last reference to a team must not be a worker's, or the worker that
/// dismisses the crew would wait for itself.
package final class Crew: @unchecked Sendable {
  /// How many threads work.
  package let count: Int
  private let meeting: Rendezvous
  private let gate: Rendezvous
  // Written by worker 0 before the gate opens and read by the others after it.
  private var job: (any TeamJob)?

  fileprivate init(count: Int) {
    self.count = count
    meeting = Rendezvous(parties: count)
    gate = Rendezvous(parties: count)
  }

  /// Waits until every worker has come here.
  package func meet() { meeting.wait() }

  fileprivate func start(_ job: any TeamJob) {
    self.job = job
    gate.wait()
  }

  fileprivate func finish() {
    gate.wait()
    job = nil
  }

  fileprivate func dismiss() {
    job = nil
    gate.wait()
  }

  fileprivate func serve(worker: Int) {
    while true {
      gate.wait()
      guard let job else { return }
      Kernels.flushingDenormals { job.run(worker: worker, crew: self) }
      gate.wait()
    }
  }
}
