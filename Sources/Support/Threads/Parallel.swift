internal import Synchronization

/// Runs tasks on one thread per processor, or on fewer if the system refuses some.
package enum Parallel {
  /// Calls `body` once with each number below `count`; returns when all calls have returned.
  ///
  /// The calling thread takes part, so all work gets done even if the system refuses every other thread. Dispatch would
  /// wait for one.
  package static func perform(count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let next = Counter()
    let work: @Sendable () -> Void = {
      while let number = next.take(below: count) { body(number) }
    }
    var threads: [SystemThread] = []
    for _ in 1..<max(1, min(count, Hardware.processorCount)) {
      guard let thread = try? SystemThread(work) else { break }
      threads.append(thread)
    }
    work()
    for thread in threads { thread.join() }
  }

  /// The number of the next task.
  private final class Counter: Sendable {
    private let value = Atomic<Int>(0)

    func take(below count: Int) -> Int? {
      let number = value.wrappingAdd(1, ordering: .relaxed).oldValue
      return number < count ? number : nil
    }
  }
}
