import Randomness
import Testing

struct RandomStreamTests {
  /// One address and its numbers at the positions 0, 1, 2 and 2⁴⁰.
  struct Golden: Sendable {
    let seed: UInt64
    let name: String
    let epoch: Int
    let index: Int
    let bits: [UInt64]
  }

  /// Computed once by a separate implementation in another language. Recorded runs depend on these bits: never update them.
  static let golden: [Golden] = [
    Golden(
      seed: 0, name: "", epoch: 0, index: 0,
      bits: [0xE7AE_0732_96C6_34A1, 0xE0BE_83D1_067D_A427, 0xB106_6931_4F33_5774, 0x0BFC_F545_CE93_AB0C]),
    Golden(
      seed: 1, name: "order", epoch: 0, index: 0,
      bits: [0x9300_11F1_959A_FD97, 0x4AE7_0B6C_1EEB_89BF, 0xE535_BAD3_6B20_5A09, 0x6AEB_EBD8_55DE_3DCB]),
    Golden(
      seed: 1, name: "order", epoch: 1, index: 0,
      bits: [0x117C_523B_E388_9F98, 0xCABE_20FD_6B93_2888, 0x8BA7_F51F_6F50_19C6, 0xC63A_4C56_B559_52E9]),
    Golden(
      seed: 1, name: "order", epoch: 0, index: 1,
      bits: [0xC4AB_5B50_62FF_42A3, 0x9B76_D566_9F6A_3F73, 0x2A29_6F1E_860A_0E93, 0x66E8_E2F2_49DA_65DD]),
    Golden(
      seed: 2, name: "order", epoch: 0, index: 0,
      bits: [0xAA2E_0D13_EA07_C70A, 0xA025_C7D8_4463_8E36, 0xDE10_FCB1_A938_7860, 0xB44A_603A_6511_AE10]),
    Golden(
      seed: 1, name: "dropout", epoch: 0, index: 0,
      bits: [0xA728_C746_D0EF_F88D, 0xE3C8_1167_D8E7_3335, 0xADB3_6872_1854_97A7, 0x912D_9910_316F_84B9]),
    Golden(
      seed: .max, name: "gewebt: ü", epoch: -1, index: 59_999,
      bits: [0xF846_F5D1_47A1_3A7E, 0x8F92_B70E_7E20_D894, 0xC17D_C75D_3F08_BBB1, 0xE621_7CCB_0CB7_0803]),
  ]

  @Test(arguments: golden)
  func bitsNeverChange(_ address: Golden) {
    var generator = RandomStream(seed: address.seed, name: address.name)
      .generator(epoch: address.epoch, index: address.index)
    #expect(generator.bits(at: 1 << 40) == address.bits[3])
    for position in 0..<3 {
      #expect(generator.bits(at: UInt64(position)) == address.bits[position])
    }
    // Drawing walks the same positions, and the random-access form does not move the walk.
    #expect([generator.next(), generator.next(), generator.next()] == Array(address.bits[..<3]))
  }

  /// 512 epochs × 512 indices: neighbouring addresses share no number among their first two.
  /// (A sound 64-bit function collides here with a probability of 10⁻⁸.)
  @Test func neighboursDoNotCollide() {
    let stream = RandomStream(seed: 3, name: "neighbours")
    var seen: Set<UInt64> = []
    seen.reserveCapacity(1 << 19)
    for epoch in 0..<512 {
      for index in 0..<512 {
        let generator = stream.generator(epoch: epoch, index: index)
        seen.insert(generator.bits(at: 0))
        seen.insert(generator.bits(at: 1))
      }
    }
    #expect(seen.count == 1 << 19)
  }

  /// Each of the 64 bits is set in half of the first draws of neighbouring samples, and two neighbours agree in half of their bits.
  @Test func bitsOfNeighboursAreBalancedAndUnrelated() {
    let samples = 1 << 16
    for (seed, epoch) in [(0 as UInt64, 0), (1, 0), (1, 1), (2, 9)] {
      let stream = RandomStream(seed: seed, name: "balance")
      var ones = [Int](repeating: 0, count: 64)
      var agreements = [Int](repeating: 0, count: 64)
      var previous = stream.generator(epoch: epoch, index: -1).bits(at: 0)
      for index in 0..<samples {
        let bits = stream.generator(epoch: epoch, index: index).bits(at: 0)
        for bit in 0..<64 {
          ones[bit] += Int(bits >> bit & 1)
          agreements[bit] += Int(~(bits ^ previous) >> bit & 1)
        }
        previous = bits
      }
      // 65,536 fair coins: mean 32,768, deviation 128. Five deviations.
      #expect(ones.allSatisfy { abs($0 - samples / 2) < 640 }, "\(ones)")
      #expect(agreements.allSatisfy { abs($0 - samples / 2) < 640 }, "\(agreements)")
    }
  }

  @Test func equalArgumentsGiveEqualStreams() {
    let stream = RandomStream(seed: 7, name: "order")
    #expect(stream == RandomStream(seed: 7, name: "order"))
    #expect(stream != RandomStream(seed: 8, name: "order"))
    #expect(stream != RandomStream(seed: 7, name: "Order"))
  }
}
