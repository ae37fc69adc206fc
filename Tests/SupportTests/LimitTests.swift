import Support
import Synchronization
import Testing

/// The effect of limits on memory and threads.
struct LimitTests {
  @Test(arguments: [("max\n", nil), ("1048576\n", 1_048_576), ("9223372036854771712\n", nil), ("", nil), ("x", nil)])
  func controlGroupsSayABytesOrMax(content: String, expected: Int?) {
    #expect(MemoryLimit.byteCount(content) == expected)
  }

  @Test func everyPieceIsDoneOnce() {
    for count in [0, 1, 2, 3, 100] {
      let done = Mutex<[Int]>([])
      Parallel.perform(count: count) { number in done.withLock { $0.append(number) } }
      #expect(done.withLock { $0.sorted() } == Array(0..<count))
    }
  }

  @Test func aThreadRunsToItsEnd() throws {
    let done = Mutex(false)
    try SystemThread { done.withLock { $0 = true } }.join()
    #expect(done.withLock { $0 })
  }
}
