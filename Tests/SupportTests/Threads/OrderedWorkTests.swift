import Support
import Synchronization
import Testing

/// Results of several threads, in order.
struct OrderedWorkTests {
  private struct Stop: Error {}

  @Test(arguments: [(0, 3, 4), (1, 3, 4), (100, 1, 1), (100, 4, 1), (100, 3, 8), (7, 16, 100)])
  func resultsArriveInOrder(count: Int, threads: Int, window: Int) {
    var found: [Int] = []
    OrderedWork.perform(count: count, threads: threads, window: window, compute: { 3 * $0 }) { result in
      found.append(result)
      return true
    }
    #expect(found == (0..<count).map { 3 * $0 })
  }

  /// However slow the first piece is, others do not run away from it.
  @Test func onlyAWindowOfResultsWaits() {
    let started = Mutex(0)
    let largest = Mutex(0)
    var delivered = 0
    OrderedWork.perform(
      count: 60, threads: 4, window: 5,
      compute: { number in
        let now = started.withLock { started in
          started += 1
          return started
        }
        if number == 0 { while started.withLock({ $0 }) < 5 {} }
        return now
      },
      deliver: { _ in
        delivered += 1
        let ahead = started.withLock { $0 } - delivered
        largest.withLock { $0 = max($0, ahead) }
        return true
      })
    #expect(delivered == 60)
    #expect(largest.withLock { $0 } <= 5)
  }

  @Test func deliveryMayEndTheWork() {
    let computed = Mutex(0)
    var delivered = 0
    OrderedWork.perform(
      count: 1_000_000, threads: 3, window: 4,
      compute: { _ in computed.withLock { $0 += 1 } },
      deliver: { _ in
        delivered += 1
        return delivered < 3
      })
    #expect(delivered == 3)
    #expect(computed.withLock { $0 } < 100)
    #expect(throws: Stop.self) {
      try OrderedWork.perform(
        count: 10, threads: 2, window: 2, compute: { $0 }, deliver: { (_: Int) throws(Stop) -> Bool in throw Stop() })
    }
  }
}
