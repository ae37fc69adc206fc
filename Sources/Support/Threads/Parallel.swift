internal import Synchronization

/// Pieces of work on as many threads as there are processors, and as the system gives.
package enum Parallel {
  /// Calls `body` once with each number below `count`; returns when all calls have.
  ///
  /// The calling thread works, too, so that nothing is left undone where the system refuses every other thread. Dispatch would wait until
  /// it gives one.
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

  /// The next free piece.
  private final class Counter: Sendable {
    private let value = Atomic<Int>(0)

    func take(below count: Int) -> Int? {
      let number = value.wrappingAdd(1, ordering: .relaxed).oldValue
      return number < count ? number : nil
    }
  }
}
