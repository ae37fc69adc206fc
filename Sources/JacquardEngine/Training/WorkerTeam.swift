internal import Support

/// Work that all members of a team do at the same time.
package protocol TeamJob: AnyObject, Sendable {
  /// One worker's part; every worker must call `crew.meet()` the same number of times.
  func run(worker: Int, crew: Crew)
}

/// A fixed group of threads that run jobs together.
///
/// The calling thread is worker 0. Between jobs the others spin for a moment and then sleep. A job allocates nothing. Workers treat denormal numbers
/// as zero. Results never depend on which worker computes what. A team runs one job at a time.
public final class WorkerTeam: Sendable {
  /// The number of threads, including the caller's.
  public let count: Int
  private let crew: Crew
  private let threads: [SystemThread]

  /// The most threads of a team.
  package static let largestCount = 256

  /// A team of `threads` threads, at least one, or of one per processor if nil. The process stops if the system refuses a thread; `start` handles
  /// that case.
  public convenience init(threads: Int? = nil) {
    let threads = threads ?? min(Self.largestCount, Hardware.processorCount)
    require(
      (1...Self.largestCount).contains(threads), "WorkerTeam: 1 to \(Self.largestCount) threads, found \(threads)")
    let recruits = Recruits(threads - 1)
    require(recruits.refusal == nil, "\(ThreadError(asked: threads, recruits))")
    self.init(recruits)
  }

  /// Starts a team; throws if the system refuses a thread.
  ///
  /// - Parameters:
  ///   - threads: The number of threads, 1 to 256.
  ///   - orFewer: Whether to accept fewer threads if the system refuses some; at least the caller's remains.
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

  // A library may be unloaded, or a process checked for leaks, as soon as its last team is gone.
  deinit {
    crew.dismiss()
    for thread in threads { thread.join() }
  }

  /// Runs `job` on every worker; returns when all have finished.
  package func run(_ job: any TeamJob) {
    crew.start(job)
    Kernels.flushingDenormals { job.run(worker: 0, crew: crew) }
    crew.finish()
  }
}

/// The system refused a thread of a team.
public struct ThreadError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The number of threads asked for.
  public let asked: Int
  /// The number of threads that the system would have provided, including the caller's.
  public let given: Int
  private let reason: String

  fileprivate init(asked: Int, _ recruits: Recruits) {
    self.asked = asked
    given = recruits.threads.count + 1
    reason = recruits.refusal?.description ?? ""
  }

  /// One line that gives the number of available threads and the reason.
  public var description: String {
    "the system gives \(given) of \(asked) threads (\(reason)); use fewer threads, or raise the limit on processes (ulimit -u, or the "
      + "pids limit of the control group)"
  }
}

/// Threads that wait to be assigned to a crew: its size is known only after the system has started the threads.
private final class Recruits: @unchecked Sendable {
  let threads: [SystemThread]
  /// Why there are fewer threads than requested; nil if there are not.
  let refusal: SystemThread.Refused?
  private let orders: [Order]

  /// The assignment of a thread; written before it meets the caller, and read after.
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

  /// Sends every thread, and the caller, to a crew of that size.
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
/// Threads hold the crew and never the team: a worker must not hold the last reference to a team, or the worker that dismisses the crew would wait
/// for itself.
package final class Crew: @unchecked Sendable {
  /// The number of threads.
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

  /// Waits until every worker has called this.
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
