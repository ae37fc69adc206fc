import Randomness
import Testing

struct DistributionTests {
  private static func generator(_ name: String) -> AddressedGenerator {
    RandomStream(seed: 11, name: name).generator(epoch: 0, index: 0)
  }

  /// Pearson's statistic of counts that should all be equal.
  private static func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }

  @Test func unitFloatTakesTheUpper24Bits() {
    var generator = Self.generator("float")
    let copy = generator
    for position in 0..<1000 {
      let expected = Float(copy.bits(at: UInt64(position)) >> 40) / Float(1 << 24)
      #expect(generator.unitFloat() == expected)
      #expect(copy.unitFloat(at: UInt64(position)) == expected)
      #expect(expected >= 0 && expected < 1)
    }
  }

  @Test func unitDoubleTakesTheUpper53Bits() {
    var generator = Self.generator("double")
    let copy = generator
    for position in 0..<1000 {
      #expect(generator.unitDouble() == Double(copy.bits(at: UInt64(position)) >> 11) / Double(1 << 53 as UInt64))
    }
  }

  @Test func unitNumbersFillTheIntervalEvenly() {
    var generator = Self.generator("uniform")
    var floats = [Int](repeating: 0, count: 256)
    var doubles = [Int](repeating: 0, count: 256)
    for _ in 0..<(1 << 18) {
      floats[Int(generator.unitFloat() * 256)] += 1
      doubles[Int(generator.unitDouble() * 256)] += 1
    }
    // 255 degrees of freedom: one good generator in a thousand exceeds 330.5. The seed is fixed, so this is not luck.
    #expect(Self.chiSquare(floats) < 330.5)
    #expect(Self.chiSquare(doubles) < 330.5)
  }

  /// The chi-square bound is the 0.999 quantile of bound − 1 degrees of freedom.
  @Test(arguments: [(2, 10.83), (3, 13.82), (10, 27.88), (28, 55.48), (100, 148.23)])
  func integersAreUniform(bound: Int, limit: Double) {
    var generator = Self.generator("integer")
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<(bound * 2000) {
      counts[generator.integer(below: bound)] += 1
    }
    #expect(Self.chiSquare(counts) < limit)
  }

  /// Below 3·2⁶¹ every eight draws share three values. Without rejection the remainders modulo 3 come out as 3 : 3 : 2.
  @Test func hugeBoundsAreUnbiased() {
    let bound = 3 << 61
    var generator = Self.generator("huge")
    var remainders = [0, 0, 0]
    for _ in 0..<30_000 {
      let value = generator.integer(below: bound)
      #expect(value >= 0 && value < bound)
      remainders[value % 3] += 1
    }
    #expect(Self.chiSquare(remainders) < 13.82)
  }

  @Test func boundOneIsAlwaysZero() {
    var generator = Self.generator("one")
    #expect((0..<100).allSatisfy { _ in generator.integer(below: 1) == 0 })
  }

  @Test func integersNeverChange() {
    var generator = Self.generator("golden")
    #expect((0..<8).map { _ in generator.integer(below: 1000) } == [722, 562, 640, 675, 118, 539, 42, 754])
    #expect((0..<4).map { _ in generator.coin() } == [false, true, false, false])
  }

  @Test func coinsAreFair() {
    var generator = Self.generator("coin")
    let heads = (0..<65_536).count { _ in generator.coin() }
    #expect(abs(heads - 32_768) < 640)
  }
}
