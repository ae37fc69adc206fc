import JacquardEngine
import Testing

/// When weights are pruned, and how many.
struct PruningScheduleTests {
  /// s · (1 − (1 − (t − t₀) / (t₁ − t₀))³), as in the paper, with an initial share of 0.
  @Test func theShareRisesAlongACubic() {
    let schedule = PruningSchedule(Pruning(share: 0.8, begin: 0.1, end: 0.75), steps: 1000)
    #expect(schedule.first == 100 && schedule.last == 750)
    for (step, share) in [(1, 0.0), (100, 0), (425, 0.8 * 0.875), (750, 0.8), (1000, 0.8)] {
      #expect(abs(schedule.share(after: step) - share) < 1e-12, "step \(step)")
    }
    // A quarter of the way: 1 − (3/4)³.
    let quarter = PruningSchedule(Pruning(share: 0.5, begin: 0, end: 1), steps: 401)
    #expect(abs(quarter.share(after: 101) - 0.5 * (1 - 0.421875)) < 1e-12)
    var last = 0.0
    for step in 1...1000 {
      #expect(schedule.share(after: step) >= last)
      last = schedule.share(after: step)
    }
  }

  @Test func updatesAreAHundredthOfTheWayApart() {
    let schedule = PruningSchedule(Pruning(share: 0.9), steps: 10_000)
    let due = (1...10_000).filter(schedule.isDue)
    #expect(due.first == 1000 && due.contains(7500) && due.contains(1065) && !due.contains(1064))
    #expect(due.filter { $0 <= 7500 }.count == 101)
    // A short run prunes after every step.
    let short = PruningSchedule(Pruning(share: 0.9), steps: 6)
    #expect((1...6).filter(short.isDue) == [1, 2, 3, 4, 5, 6] && short.first == 1 && short.last == 5)
    #expect(short.share(after: 5) == 0.9)
  }

  @Test(arguments: [1, 2, 3, 7, 100])
  func everyLengthEndsWithTheShare(steps: Int) {
    for (begin, end) in [(0.0, 0.0), (0.1, 0.75), (1, 1), (0, 1), (0.5, 0.5)] {
      let schedule = PruningSchedule(Pruning(share: 0.7, begin: begin, end: end), steps: steps)
      let due = (1...steps).filter(schedule.isDue)
      #expect(due.contains(schedule.last) && schedule.share(after: schedule.last) == 0.7, "\(begin) \(end)")
    }
  }

  /// A trainer without an end counts to the largest number.
  @Test func endlessRunsAreCounted() {
    #expect(PruningSchedule(Pruning(share: 0.7, begin: 1, end: 1), steps: .max).last == .max)
  }
}
