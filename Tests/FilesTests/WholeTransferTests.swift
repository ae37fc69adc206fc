import Files
import Glibc
import Testing

/// Rare results of writing to a disk, handled by the loop around `write`, without the system call itself.
struct WholeTransferTests {
  @Test func shortWritesAreContinued() throws {
    var offsets: [Int] = []
    try WholeTransfer.run(count: 10) { done in
      offsets.append(done)
      return min(4, 10 - done)
    }
    #expect(offsets == [0, 4, 8])
  }

  @Test func interruptionsLoseNothing() throws {
    var offsets: [Int] = []
    try WholeTransfer.run(count: 6) { (done) throws(SystemCode) in
      offsets.append(done)
      if offsets.count.isMultiple(of: 2) { throw SystemCode(rawValue: EINTR) }
      return 2
    }
    #expect(offsets == [0, 2, 2, 4, 4])
  }

  @Test func otherErrorsEndTheTransfer() {
    var calls = 0
    #expect(throws: SystemCode(rawValue: ENOSPC)) {
      try WholeTransfer.run(count: 6) { (done) throws(SystemCode) in
        calls += 1
        if done == 2 { throw SystemCode(rawValue: ENOSPC) }
        return 2
      }
    }
    #expect(calls == 2)
  }

  @Test func aStepWithoutProgressIsAnError() {
    #expect(throws: SystemCode(rawValue: EIO)) { try WholeTransfer.run(count: 1) { _ in 0 } }
  }

  @Test func anEmptyTransferCallsNothing() throws {
    var calls = 0
    try WholeTransfer.run(count: 0) { _ in
      calls += 1
      return 0
    }
    #expect(calls == 0)
  }
}
