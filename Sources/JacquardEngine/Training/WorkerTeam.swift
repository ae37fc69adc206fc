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
  private let threads: [SystemThread]

  /// The most threads of a team.
  package static let largestCount = 256

  /// A team of `threads` threads, at least one, which the system must give; nil for one per processor. See `start` for a system that may
  /// refuse.
  public convenience init(threads: Int? = nil) {
    let threads = threads ?? min(Self.largestCount, Hardware.processorCount)
    require(
      (1...Self.largestCount).contains(threads), "WorkerTeam: 1 to \(Self.largestCount) threads, found \(threads)")
    let recruits = Recruits(threads - 1)
    require(recruits.refusal == nil, "\(ThreadError(asked: threads, recruits))")
    self.init(recruits)
  }

  /// Starts a team, or finds out that the system refuses a thread.
  ///
  /// - Parameters:
  ///   - threads: How many threads, 1 to 256.
  ///   - orFewer: Whether as many will do as the system gives, of which the caller's own is always one.
  public static func start(threads: Int, orFewer: Bool = false) throws(ThreadError) -> WorkerTeam {
    require(
      (1...Self.largestCount).contains(threads), "WorkerTeam: 1 to \(Self.largestCount) threads, found \(threads)")
    let recruits = Recruits(threads - 1)
    guard recruits.refusal == nil || orFewer else {
      recruits.dismiss()
      throw ThreadError(asked: threads, recruits)
    }
    return WorkerTeam(recruits)
  }

  private init(_ recruits: Recruits) {
    count = recruits.threads.count + 1
    crew = Crew(count: count)
    threads = recruits.threads
    recruits.join(crew)
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

/// The system refused a thread of a team.
public struct ThreadError: Error, Equatable, Sendable, CustomStringConvertible {
  /// How many threads were asked for.
  public let asked: Int
  /// How many there would have been, the caller's included.
  public let given: Int
  private let reason: String

  fileprivate init(asked: Int, _ recruits: Recruits) {
    self.asked = asked
    given = recruits.threads.count + 1
    reason = recruits.refusal?.description ?? ""
  }

  /// One line that says how many threads there are instead, and why.
  public var description: String {
    "the system gives \(given) of \(asked) threads (\(reason)); use fewer threads, or raise the limit on processes (ulimit -u, or the "
      + "pids limit of the control group)"
  }
}

/// Threads that wait to be told which crew they belong to: how many there are is known only when the system has given them.
private final class Recruits: @unchecked Sendable {
  let threads: [SystemThread]
  /// Why there are fewer than were asked for; nil if there are not.
  let refusal: SystemThread.Refused?
  private let orders: [Order]

  /// What a thread is told; written before it meets the caller, and read after.
  private final class Order: @unchecked Sendable {
    let meeting = Rendezvous(parties: 2)
    var crew: Crew?
  }

  init(_ count: Int) {
    var (threads, orders): ([SystemThread], [Order]) = ([], [])
    var refusal: SystemThread.Refused?
    while threads.count < count, refusal == nil {
      let (order, worker) = (Order(), threads.count + 1)
      do throws(SystemThread.Refused) {
        threads.append(
          try SystemThread {
            order.meeting.wait()
            order.crew?.serve(worker: worker)
          })
        orders.append(order)
      } catch {
        refusal = error
      }
    }
    (self.threads, self.orders, self.refusal) = (threads, orders, refusal)
  }

  /// Sends every thread to a crew of as many, and the caller.
  func join(_ crew: Crew) {
    for order in orders {
      order.crew = crew
      order.meeting.wait()
    }
  }

  /// Ends every thread.
  func dismiss() {
    for order in orders { order.meeting.wait() }
    for thread in threads { thread.join() }
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
