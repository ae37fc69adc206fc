internal import Glibc
internal import Synchronization

/// Pieces of work that are computed on several threads, and taken in order on one.
package enum OrderedWork {
  /// Computes the results of all numbers below `count`, and passes them to `deliver` in order, on the calling thread, which computes
  /// too while it has to wait.
  ///
  /// At most `window` results wait at a time, so that memory stays bounded, however much slower one piece is than the others.
  ///
  /// - Parameters:
  ///   - threads: how many threads compute, if the system gives as many; at least 1.
  ///   - deliver: takes a result; false ends the work early.
  /// - Throws: what `deliver` throws, after all threads have ended.
  package static func perform<Result: Sendable, Problem>(
    count: Int, threads: Int, window: Int, compute: @escaping @Sendable (Int) -> Result,
    deliver: (Result) throws(Problem) -> Bool
  ) throws(Problem) {
    let queue = Queue<Result>(count: count, window: max(window, 1))
    let work: @Sendable () -> Void = {
      while true {
        switch queue.take() {
        case .number(let number): queue.put(compute(number), at: number)
        case .later: usleep(200)
        case .done: return
        }
      }
    }
    var started: [SystemThread] = []
    for _ in 1..<max(1, min(count, threads)) {
      guard let thread = try? SystemThread(work) else { break }
      started.append(thread)
    }
    defer {
      queue.stop()
      for thread in started { thread.join() }
    }
    var delivered = 0
    while delivered < count {
      if let result = queue.result(at: delivered) {
        delivered += 1
        guard try deliver(result) else { return }
      } else if case .number(let number) = queue.take() {
        queue.put(compute(number), at: number)
      } else {
        usleep(200)
      }
    }
  }

  private enum Step {
    case number(Int)
    /// Too many results wait to be delivered.
    case later
    case done
  }

  private final class Queue<Result: Sendable>: Sendable {
    private struct State {
      var next = 0
      var delivered = 0
      var isStopped = false
      var results: [Int: Result] = [:]
    }

    private let state = Mutex(State())
    private let count: Int
    private let window: Int

    init(count: Int, window: Int) {
      self.count = count
      self.window = window
    }

    /// The next piece. The first one that is not delivered is never told to wait, so that the work always goes on.
    func take() -> Step {
      state.withLock { state in
        guard !state.isStopped, state.next < count else { return .done }
        guard state.next - state.delivered < window else { return .later }
        state.next += 1
        return .number(state.next - 1)
      }
    }

    func put(_ result: Result, at number: Int) { state.withLock { $0.results[number] = result } }

    /// The result of a piece if it is there, to be delivered.
    func result(at number: Int) -> Result? {
      state.withLock { state in
        guard let result = state.results.removeValue(forKey: number) else { return nil }
        state.delivered = number + 1
        return result
      }
    }

    func stop() { state.withLock { $0.isStopped = true } }
  }
}
