import Randomness
import Testing

struct MixingTests {
  /// The published first outputs of SplitMix64 for the seed 1234567: its state walks in steps of the increment.
  @Test func finalizerMatchesThePublishedSequence() {
    let published: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
      16_408_922_859_458_223_821,
    ]
    for (step, expected) in published.enumerated() {
      #expect(Mixing.finalize(1_234_567 &+ UInt64(step + 1) &* Mixing.increment) == expected)
    }
  }

  @Test(
    arguments: [
      ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8),
    ] as [(String, UInt64)])
  func hashMatchesThePublishedVectors(text: String, expected: UInt64) {
    #expect(Mixing.hash(text) == expected)
  }

  /// Every single-bit change of the position, or of the key, must change half of the 64 result bits on average.
  @Test func everyInputBitReachesTheWholeWord() {
    let trials = 256
    for bit in 0..<64 {
      var byPosition = 0
      var byKey = 0
      for trial in 0..<trials {
        let key = Mixing.finalize(UInt64(trial) &+ 77)
        let position = UInt64(trial)
        let before = Mixing.bits(of: key, at: position)
        byPosition += (before ^ Mixing.bits(of: key, at: position ^ (1 << bit))).nonzeroBitCount
        byKey += (before ^ Mixing.bits(of: key ^ (1 << bit), at: position)).nonzeroBitCount
      }
      // A sum of 256 × 64 fair bits has the mean 8192 and the deviation 64; five deviations leave nothing to luck.
      #expect(abs(byPosition - 8192) < 320, "position bit \(bit)")
      #expect(abs(byKey - 8192) < 320, "key bit \(bit)")
    }
  }
}
