internal import Dispatch
internal import Runs
internal import Support
internal import Synchronization

/// Threads for work that takes long, such as decoding pictures: the threads that serve connections never wait for it. What does not fit into the
/// bounded queue is refused at once.
final class BlockingWork: Sendable {
  private struct State {
    var tasks: [@Sendable () -> Void] = []
    var isStopped = false
  }

  private let state = Mutex(State())
  private let arrivals = DispatchSemaphore(value: 0)
  private let threads = Mutex<[SystemThread]>([])
  private let limit: Int

  /// Starts threads.
  ///
  /// - Parameter limit: The most tasks that wait.
  /// - Throws: a `Failure` if the system refuses a thread.
  init(threads count: Int, limit: Int) throws(Failure) {
    self.limit = limit
    for _ in 0..<count {
      do throws(SystemThread.Refused) {
        let thread = try SystemThread { [self] in work() }
        threads.withLock { $0.append(thread) }
      } catch {
        stop()
        throw Failure(
          .inputOutput, "the system refused to start a thread: \(error); choose fewer \(.threads).")
      }
    }
  }

  /// The result of a task, computed on one of the threads.
  ///
  /// - Throws: the failure of the task; `Problem.busy` if too many wait.
  func result<Value: Sendable>(
    of task: @escaping @Sendable () -> Result<Value, Problem>
  ) async throws(Problem) -> Value {
    let result = await withCheckedContinuation {
      (done: CheckedContinuation<Result<Value, Problem>, Never>) in
      let isTaken = state.withLock { state in
        guard !state.isStopped, state.tasks.count < limit else { return false }
        state.tasks.append { done.resume(returning: task()) }
        return true
      }
      if isTaken { arrivals.signal() } else { done.resume(returning: .failure(.busy)) }
    }
    return try result.get()
  }

  /// Ends the threads, after all that waits is done.
  func stop() {
    state.withLock { $0.isStopped = true }
    let threads = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for _ in threads { arrivals.signal() }
    for thread in threads { thread.join() }
  }

  private func work() {
    while true {
      arrivals.wait()
      let (task, isEnd) = state.withLock { state -> ((@Sendable () -> Void)?, Bool) in
        if !state.tasks.isEmpty { return (state.tasks.removeFirst(), false) }
        return (nil, state.isStopped)
      }
      task?()
      if isEnd { return }
    }
  }
}
