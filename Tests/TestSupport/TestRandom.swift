/// A small seeded source of test data: the same seed gives the same numbers everywhere.
///
/// The numbers follow SplitMix64. Source: G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number generators,
/// OOPSLA 2014.
public struct TestRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Makes a source whose numbers depend on the seed only.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// Numbers spread evenly over a range.
  public mutating func uniform(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }

  /// Whole numbers in a range: sums of their products have no rounding error up to 2²⁴, so results can be compared with `==`, in any order of the
  /// additions.
  public mutating func integers(_ count: Int, in range: ClosedRange<Int> = -4...4) -> [Float] {
    (0..<count).map { _ in Float(Int.random(in: range, using: &self)) }
  }

  /// Numbers of mean 0 and variance 1 that are close to a normal distribution (the sum of twelve even ones).
  public mutating func normal(_ count: Int) -> [Float] {
    (0..<count).map { _ in uniform(12, in: -0.5...0.5).reduce(0, +) }
  }
}
