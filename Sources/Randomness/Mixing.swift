/// The arithmetic that turns an address into bits.
package enum Mixing {
  /// 2⁶⁴ divided by the golden ratio, made odd: successive multiples are spread evenly over the 64-bit circle.
  package static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// A bijection of 64 bits in which every input bit changes each output bit with a probability near one half.
  ///
  /// Source: the output function of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014),
  /// with Stafford's constants.
  package static func finalize(_ word: UInt64) -> UInt64 {
    var mixed = word
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// The key that follows `key` once `word` has joined the address.
  ///
  /// A bijection of `word` for a fixed key, so two indices of one epoch never share a key. Both operands are mixed before they are combined, so that
  /// equal steps in two parts of an address cannot cancel.
  package static func absorb(_ word: UInt64, into key: UInt64) -> UInt64 {
    finalize((key &+ increment) ^ finalize(word &+ increment))
  }

  /// The bits at `position` of the sequence that belongs to `key`: a bijection of the position.
  ///
  /// The key enters twice, so that the sequences of two keys are not shifted copies of each other, as SplitMix64's are.
  package static func bits(of key: UInt64, at position: UInt64) -> UInt64 {
    finalize(key ^ finalize(position &* increment &+ key))
  }

  /// The 64-bit FNV-1a hash of the text's UTF-8 bytes. Source: Fowler, Noll and Vo, RFC 9923.
  package static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    return hash
  }
}
