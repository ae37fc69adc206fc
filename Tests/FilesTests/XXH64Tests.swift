import Files
import Testing

/// Known hashes, from the reference program `xxhsum` (xxHash 0.8) and its specification's own vectors.
struct XXH64Tests {
  private func hash(_ bytes: [UInt8]) -> String {
    var hash = XXH64()
    hash.update(bytes)
    return hash.hexadecimal
  }

  @Test(arguments: [
    ("", "ef46db3751d8e999"), ("a", "d24ec4f1a98c6e5b"), ("abc", "44bc2cf5ad770999"),
    ("Nobody inspects the spammish repetition", "fbcea83c8a378bf1"),
  ])
  func textsHaveTheirKnownHashes(text: String, expected: String) {
    #expect(hash(Array(text.utf8)) == expected)
  }

  /// The same hash regardless of how the bytes arrive, also as numbers.
  @Test func piecesGiveTheSameAsTheWhole() {
    let numbers = (0..<61).map { Float($0) * 0.37 - 5 }
    let bytes = numbers.flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt32($0))) }
    }
    var whole = XXH64()
    whole.update(numbers.span)
    #expect(whole.hexadecimal == hash(bytes))
    for cut in [0, 1, 4, 31, 32, 33, 100, 244] {
      var pieces = XXH64()
      pieces.update(bytes[..<cut])
      pieces.update(bytes[cut...])
      #expect(pieces.hexadecimal == hash(bytes), "\(cut)")
      var spans = XXH64()
      spans.update(bytes.span.extracting(0..<cut))
      spans.update(bytes.span.extracting(cut..<bytes.count))
      #expect(spans.hexadecimal == hash(bytes), "\(cut)")
      var mixed = XXH64()
      mixed.update(Array(repeating: 7, count: cut))
      mixed.update(numbers.span)
      #expect(mixed.hexadecimal == hash(Array(repeating: 7, count: cut) + bytes), "\(cut)")
    }
  }

  @Test func everyBitCounts() {
    let bytes = (0..<100).map { UInt8($0) }
    let before = hash(bytes)
    for place in bytes.indices {
      for bit in 0..<8 {
        var other = bytes
        other[place] ^= 1 << UInt8(bit)
        #expect(hash(other) != before)
      }
    }
  }
}
