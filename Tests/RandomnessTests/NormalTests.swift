import Glibc
import Randomness
import Testing

struct NormalTests {
  @Test func logarithmAgreesWithTheLibrary() {
    var generator = RandomStream(seed: 5, name: "logarithm").generator(epoch: 0, index: 0)
    let edges = [0x1p-53, 0.5, 0.70710678118654746, 0.70710678118654757, 1, 1.5, 2, 1e300, 0x1p-1022, 1 - 0x1p-53]
    for value in edges + (0..<20_000).map({ _ in generator.unitDouble() + 0x1p-54 }) {
      let expected = log(value)
      #expect(abs(ElementaryFunctions.logarithm(value) - expected) <= 4e-16 * max(1, abs(expected)), "ln \(value)")
    }
  }

  @Test func exponentialAgreesWithTheLibrary() {
    var generator = RandomStream(seed: 5, name: "exponential").generator(epoch: 0, index: 0)
    let edges = [0, 1, -1, 0.5, -0.34657359027997264, 0.34657359027997264, -707.9, 708.9, 1e-300, -1e-17]
    for value in edges + (0..<20_000).map({ _ in 80 * generator.unitDouble() - 60 }) {
      let expected = exp(value)
      #expect(
        abs(ElementaryFunctions.exponential(value) / expected - 1) <= 4e-16 * (1 + abs(value) / 8), "e^\(value)")
    }
    #expect(ElementaryFunctions.exponential(-.infinity) == 0)
    #expect(ElementaryFunctions.exponential(.infinity) == .infinity)
    #expect(ElementaryFunctions.exponential(.nan).isNaN)
  }

  @Test func powersAreProducts() {
    #expect((0...3).map { ElementaryFunctions.power(0.1, $0) } == [1, 0.1, 0.1 * 0.1, 0.1 * (0.1 * 0.1)])
    for exponent in [7, 100, 12_345, 10_000_000] {
      for base in [0.9, 0.999, 0.999_999_9] {
        // Each squaring doubles the relative error of what it squares.
        let expected = pow(base, Double(exponent))
        #expect(
          abs(ElementaryFunctions.power(base, exponent) - expected) <= Double(exponent) * 2.3e-16 * expected + 1e-300)
      }
    }
  }

  @Test func cosineAgreesWithTheLibrary() {
    // In eighths of a turn the exact values are known; in between the library is good to half a unit of 2π·v, itself rounded.
    for (turns, expected) in [
      (0, 1), (0.125, 0.5.squareRoot()), (0.25, 0), (0.375, -0.5.squareRoot()), (0.5, -1), (0.75, 0), (1, 1),
    ] {
      #expect(abs(ElementaryFunctions.cosine(turns: turns) - expected) <= 2.3e-16, "cos of \(turns) turns")
    }
    var generator = RandomStream(seed: 5, name: "cosine").generator(epoch: 0, index: 0)
    for _ in 0..<20_000 {
      let turns = generator.unitDouble()
      #expect(
        abs(ElementaryFunctions.cosine(turns: turns) - cos(2 * Double.pi * turns)) <= 1.5e-15, "cos of \(turns) turns")
    }
  }

  /// Computed once by a separate implementation in another language.
  @Test func normalDrawsNeverChange() {
    var generator = RandomStream(seed: 11, name: "normal golden").generator(epoch: 0, index: 0)
    let expected: [UInt32] = [0x400F_7903, 0x3F0B_0BDF, 0x3FC1_FAB4, 0xBF9C_4756, 0xBFB2_4EC4, 0xBFCA_031B]
    #expect((0..<6).map { _ in generator.normal().bitPattern } == expected)
  }

  @Test func normalDrawsHaveTheMomentsAndTailsOfTheDistribution() {
    var generator = RandomStream(seed: 11, name: "normal").generator(epoch: 0, index: 0)
    let count = 200_000
    let draws = (0..<count).map { _ in Double(generator.normal()) }
    func moment(_ power: Double) -> Double { draws.reduce(0) { $0 + pow($1, power) } / Double(count) }
    // Deviations of the sample moments: √(1/n), √(2/n), √(15/n), √(96/n). Four deviations each.
    #expect(abs(moment(1)) < 0.009)
    #expect(abs(moment(2) - 1) < 0.0127)
    #expect(abs(moment(3)) < 0.035)
    #expect(abs(moment(4) - 3) < 0.088)
    // P(|z| > 1) = 0.317311, P(|z| > 2) = 0.0455003, P(|z| > 3) = 0.0026998; four binomial deviations each.
    for (limit, probability) in [(1.0, 0.317311), (2, 0.0455003), (3, 0.0026998)] {
      let share = Double(draws.count { abs($0) > limit }) / Double(count)
      #expect(
        abs(share - probability) < 4 * (probability * (1 - probability) / Double(count)).squareRoot(), "beyond \(limit)"
      )
    }
  }
}
