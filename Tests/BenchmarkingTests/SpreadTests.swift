import Benchmarking
import Testing

/// Statistics of measurements, and the sampler that takes them, with a simulated clock.
struct SpreadTests {
  // Figures of numpy.quantile with its default method.
  @Test(arguments: [
    ([3.0], 3.0, 3.0, 3.0),
    ([2, 1], 1.5, 1.1, 1.9),
    ([5, 1, 4, 2, 3], 3, 1.4, 4.6),
    ([10, 20, 30, 40], 25, 13, 37),
    (Array(stride(from: 100.0, through: 0, by: -1)), 50, 10, 90),
  ])
  func quantilesAreNumPys(values: [Double], median: Double, p10: Double, p90: Double) {
    let spread = Spread(values)
    #expect((spread.median - median).magnitude < 1e-12)
    #expect((spread.p10 - p10).magnitude < 1e-12)
    #expect((spread.p90 - p90).magnitude < 1e-12)
  }

  /// Work that takes a fixed time on a clock that only the work advances.
  private final class FixedWork {
    var now = 0.0
    var calls: [Int] = []
    let cost: Double
    init(cost: Double) { self.cost = cost }
    func run(_ repetitions: Int) {
      calls.append(repetitions)
      now += cost * Double(repetitions)
    }
  }

  @Test func fastWorkIsRepeatedUntilASampleIsLongEnough() {
    let work = FixedWork(cost: 0.001)
    let samples = Sampler(seconds: 1) { work.now }.samples(work.run)
    // A twentieth of a second, fifty times a thousandth.
    #expect(samples.count == 20)
    #expect(samples.allSatisfy { ($0 - 0.001).magnitude < 1e-9 })
    #expect(work.calls.suffix(20).allSatisfy { $0 == 50 })
    let warmUp = work.calls.dropLast(20)
    #expect(warmUp.first == 1)
    #expect(Double(warmUp.reduce(0, +)) * 0.001 >= 0.2)
  }

  @Test func slowWorkIsStillSampled() {
    let work = FixedWork(cost: 10)
    let samples = Sampler(seconds: 1, minimumSamples: 3) { work.now }.samples(work.run)
    #expect(samples == [10, 10, 10])
    #expect(work.calls == [1, 1, 1, 1])
  }

  /// A machine that slows down as it works, and tasks that record their turns.
  private final class SlowingMachine {
    var now = 0.0
    var turns: [(name: String, repetitions: Int)] = []

    /// Work that takes `cost` seconds at first.
    func work(_ name: String, cost: Double) -> (Int) -> Void {
      { repetitions in
        self.turns.append((name, repetitions))
        self.now += cost * (1 + self.now) * Double(repetitions)
      }
    }
  }

  @Test func comparedWorksTakeTurns() {
    let machine = SlowingMachine()
    let works = [machine.work("a", cost: 1e-3), machine.work("b", cost: 2e-3), machine.work("c", cost: 4e-3)]
    let samples = Sampler(seconds: 1, minimumSamples: 3) { machine.now }.alternating(works)
    #expect(samples.count == 3)
    let rounds = samples[0].count
    #expect(rounds >= 3)
    #expect(samples.allSatisfy { $0.count == rounds })
    let (warmUp, measured) = (machine.turns.dropLast(3 * rounds), machine.turns.suffix(3 * rounds))
    #expect(measured.map(\.name) == Array(repeating: ["a", "b", "c"], count: rounds).flatMap { $0 })
    // One after the other, before anything is measured.
    #expect(warmUp.map(\.name) == warmUp.map(\.name).sorted())
    #expect(Set(warmUp.map(\.name)) == ["a", "b", "c"])
    var seconds = 0.0
    for (name, values) in zip(["a", "b", "c"], samples) {
      let repetitions = measured.filter { $0.name == name }.map(\.repetitions)
      #expect(Set(repetitions).count == 1)
      seconds += zip(values, repetitions).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    #expect(seconds >= 3)
  }

  @Test func aMachineThatBecomesSlowerFavorsNothing() {
    func medians(_ measure: (SlowingMachine, Sampler, [(Int) -> Void]) -> [[Double]]) -> [Double] {
      let machine = SlowingMachine()
      let works = [machine.work("a", cost: 1e-3), machine.work("b", cost: 2e-3)]
      return measure(machine, Sampler(seconds: 1) { machine.now }, works).map { Spread($0).median }
    }
    let alternating = medians { _, sampler, works in sampler.alternating(works) }
    let successive = medians { _, sampler, works in works.map { sampler.samples($0) } }
    #expect((alternating[1] / alternating[0] / 2 - 1).magnitude < 0.1)
    #expect(successive[1] / successive[0] / 2 > 1.3)
  }

  @Test func slowWorksAreSampledEnoughAndNotMore() {
    let machine = SlowingMachine()
    let works = [machine.work("slow", cost: 10), machine.work("fast", cost: 1e-6)]
    let samples = Sampler(seconds: 0.1, minimumSamples: 3) { machine.now }.alternating(works)
    #expect(samples.map(\.count) == [3, 3])
  }

  @Test func workThatHasEndedTakesNoTime() {
    var (now, most) = (0.0, 0)
    let samples = Sampler(seconds: 1) { now }.samples { repetitions in
      now += 0.001
      most = max(most, repetitions)
    }
    #expect(most == 1_000_000_000)
    #expect((999...1001).contains(samples.count))
  }

  @Test func errorsAreRelativeToTheReference() {
    #expect(RelativeError.largest([1, 2, 4], [1, 2, 5]) == 0.2)
    #expect(RelativeError.largest([0, 0], [0, 0]) == 0)
    #expect(RelativeError.largest([1], [0]) == .infinity)
    #expect(RelativeError.largest([.nan, 1], [1, 1]) == .infinity)
  }
}
