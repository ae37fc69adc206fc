import JacquardEngine
import Synchronization
import Testing

struct FloatingPointModeTests {
  /// Halves the smallest normal number on every worker; the result is zero if denormal numbers are flushed.
  private final class Halving: TeamJob {
    let flushed = Atomic<Int>(0)

    func run(worker: Int, crew: Crew) {
      if half(of: .leastNormalMagnitude) == 0 { flushed.wrappingAdd(1, ordering: .relaxed) }
    }
  }

  @Test func workersFlushDenormalsAndTheCallerDoesNot() {
    let job = Halving()
    WorkerTeam(threads: 3).run(job)
    #expect(job.flushed.load(ordering: .relaxed) == 3)
    #expect(half(of: .leastNormalMagnitude) > 0)
  }
}

@inline(never)
private func half(of value: Float) -> Float { value / 2 }
