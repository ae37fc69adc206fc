import Randomness
import Testing

struct BetaTests {
  private static func draws(_ alpha: Double, count: Int) -> [Double] {
    let stream = RandomStream(seed: 11, name: "beta")
    return (0..<count).map { index in
      var generator = stream.generator(epoch: 0, index: index)
      return generator.beta(alpha)
    }
  }

  /// Mean ½ and variance 1 / (4 · (2α + 1)).
  @Test(arguments: [0.05, 0.2, 0.5, 1, 2, 10, 100])
  func momentsAreThoseOfTheDistribution(alpha: Double) {
    let count = 40_000
    let draws = Self.draws(alpha, count: count)
    #expect(draws.allSatisfy { $0 >= 0 && $0 <= 1 })
    let variance = 1 / (4 * (2 * alpha + 1))
    #expect(abs(draws.reduce(0, +) / Double(count) - 0.5) < 4.5 * (variance / Double(count)).squareRoot())
    // The squared distance has at most the deviation of √(variance / 4), because it is at most ¼.
    let found = draws.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / Double(count)
    #expect(abs(found - variance) < 4.5 * (variance / 4 / Double(count)).squareRoot())
  }

  /// Distribution functions that have a formula: x for 1, 3x² − 2x³ for 2; by symmetry ½ at ½.
  @Test func sharesAreThoseOfTheDistribution() {
    let count = 40_000
    for (alpha, function) in [(1.0, { $0 }), (2.0, { 3 * $0 * $0 - 2 * $0 * $0 * $0 })]
      as [(Double, (Double) -> Double)]
    {
      let draws = Self.draws(alpha, count: count)
      for limit in [0.05, 0.25, 0.5, 0.6, 0.9] {
        let share = Double(draws.count { $0 < limit }) / Double(count)
        let expected = function(limit)
        let deviation = (expected * (1 - expected) / Double(count)).squareRoot()
        #expect(abs(share - expected) < 4.5 * deviation, "alpha \(alpha), below \(limit)")
      }
    }
    // For ½ it is (2/π) · asin √x: a third below ¼.
    let arcs = Self.draws(0.5, count: count)
    #expect(abs(Double(arcs.count { $0 < 0.25 }) / Double(count) - 1.0 / 3) < 4.5 * 0.00236)
  }

  /// Both gamma draws are far below the smallest number, and still their ratio is right: almost all at the ends.
  @Test func tinyParametersGiveTheEnds() {
    let draws = Self.draws(0.001, count: 4000)
    let ends = draws.count { $0 < 0.001 || $0 > 0.999 }
    #expect(ends > 3900)
    #expect(abs(draws.count { $0 > 0.5 } - 2000) < 160)
  }
}
