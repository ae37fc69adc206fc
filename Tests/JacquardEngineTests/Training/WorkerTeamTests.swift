import Glibc
import JacquardEngine
import Synchronization
import Testing

/// The team: every worker does every part of every job, in order, and ends when the team is released.
struct WorkerTeamTests {
  /// Ten thousand jobs if each thread has a core; with more threads than cores they sleep at each meeting, so they run fewer.
  @Test(arguments: [(1, 10_000), (2, 10_000), (3, 300), (4, 300), (5, 200), (6, 200), (7, 200), (8, 200)])
  func everyWorkerRunsEveryPartInOrder(threads: Int, jobs: Int) {
    let team = WorkerTeam(threads: threads)
    let job = RelayJob(workers: threads)
    for round in 1...jobs {
      job.round.store(round, ordering: .relaxed)
      team.run(job)
      // The caller sees the last result of every worker.
      if job.marks.contains(where: { $0.value != 2 * round }) { job.errors.add(1) }
    }
    #expect(job.errors.value == 0)
    #expect(job.runs.map(\.value) == Array(repeating: jobs, count: threads))
  }

  @Test func oneTeamDoesDifferentJobs() {
    let team = WorkerTeam(threads: 3)
    let jobs = [RelayJob(workers: 3), RelayJob(workers: 3)]
    for round in 1...50 {
      for job in jobs {
        job.round.store(round, ordering: .relaxed)
        team.run(job)
      }
    }
    for job in jobs {
      #expect(job.errors.value == 0)
      #expect(job.runs.map(\.value) == [50, 50, 50])
    }
  }

  @Test func workersAreThreadsOfTheirOwnAndTheCallerIsWorkerZero() {
    let team = WorkerTeam(threads: 4)
    let job = ThreadJob(workers: 4)
    team.run(job)
    let first = job.threads.map(\.value)
    #expect(Set(first).count == 4)
    #expect(first[0] == currentThread())
    team.run(job)
    #expect(job.threads.map(\.value) == first, "a worker keeps its thread")
  }

  /// Right after a job a worker may still be on its way to the gate: it must not keep the team alive.
  @Test(arguments: 2...5)
  func threadsEndWithTheTeam(threads: Int) {
    var seen: [Int] = []
    for _ in 0..<100 {
      let job = ThreadJob(workers: threads)
      WorkerTeam(threads: threads).run(job)
      seen += job.threads.dropFirst().map(\.value)
    }
    #expect(seen.count == 100 * (threads - 1))
    expectEnd(of: seen)
  }

  @Test func sleepingThreadsEndWithTheTeam() {
    let job = ThreadJob(workers: 4)
    do {
      let team = WorkerTeam(threads: 4)
      team.run(job)
      // Spinning lasts a few microseconds.
      usleep(20_000)
      withExtendedLifetime(team) {}
    }
    expectEnd(of: job.threads.dropFirst().map(\.value))
  }

  /// Waits until none of the threads exists, for at most ten seconds.
  private func expectEnd(of threads: [Int], sourceLocation: SourceLocation = #_sourceLocation) {
    var alive = threads
    for _ in 0..<10_000 {
      alive.removeAll { unsafe access("/proc/self/task/\($0)", F_OK) != 0 }
      if alive.isEmpty { return }
      usleep(1_000)
    }
    Issue.record("\(alive.count) of \(threads.count) threads are still there", sourceLocation: sourceLocation)
  }
}

/// A number that several threads read and write; only the meetings order them.
private final class Cell: Sendable {
  private let storage = Atomic<Int>(0)

  var value: Int {
    get { storage.load(ordering: .relaxed) }
    set { storage.store(newValue, ordering: .relaxed) }
  }

  func add(_ amount: Int) { storage.wrappingAdd(amount, ordering: .relaxed) }
}

/// In two parts every worker leaves a mark and checks, after a meeting, that all others have left theirs.
private final class RelayJob: TeamJob {
  let round = Atomic<Int>(0)
  let marks: [Cell]
  let runs: [Cell]
  let errors = Cell()

  init(workers: Int) {
    marks = (0..<workers).map { _ in Cell() }
    runs = (0..<workers).map { _ in Cell() }
  }

  func run(worker: Int, crew: Crew) {
    let round = round.load(ordering: .relaxed)
    runs[worker].add(1)
    for part in [2 * round - 1, 2 * round] {
      if marks[worker].value != part - 1 { errors.add(1) }
      marks[worker].value = part
      crew.meet()
      if marks.contains(where: { $0.value != part }) { errors.add(1) }
      crew.meet()
    }
  }
}

/// The kernel's number of the calling thread: `/proc/thread-self` is a link to `PID/task/NUMBER`.
private func currentThread() -> Int {
  var target = [CChar](repeating: 0, count: 64)
  let length = unsafe readlink("/proc/thread-self", &target, target.count)
  let number = target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }.split(separator: UInt8(ascii: "/")).last
  return number.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? -1
}

/// Every worker records its thread.
private final class ThreadJob: TeamJob {
  let threads: [Cell]

  init(workers: Int) { threads = (0..<workers).map { _ in Cell() } }

  func run(worker: Int, crew: Crew) { threads[worker].value = currentThread() }
}
