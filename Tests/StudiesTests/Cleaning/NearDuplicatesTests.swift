import Datasets
import Studies
import TestSupport
import Testing

/// Pairs of images with almost equal hashes.
struct NearDuplicatesTests {
  @Test func everyPairOfDistinctHashesWithinFiveBitsIsFound() {
    var random = TestRandom(seed: 5)
    var bits = (0..<300).map { _ in random.next() }
    // Changed by up to five bits, each from an original.
    for original in 0..<100 {
      var changed = bits[original]
      for _ in 0...(original % 9) { changed ^= 1 << UInt64.random(in: 0..<64, using: &random) }
      bits.append(changed)
    }
    let hashes = bits.map { PerceptualHash(bits: $0) }
    var expected: [NearDuplicates.Pair] = []
    for later in hashes.indices {
      for earlier in 0..<later {
        let distance = hashes[later].distance(to: hashes[earlier])
        if distance <= 5 { expected.append(.init(image: later, earlier: earlier, distance: distance)) }
      }
    }
    let found = NearDuplicates(hashes).pairs
    #expect(found == expected && expected.count > 50 && expected.count < 100)
  }

  @Test func equalHashesPointToTheFirst() {
    let hashes = [7, 9, 7, 7].map { PerceptualHash(bits: $0 << 40) }
    let pairs = NearDuplicates(hashes).pairs
    #expect(pairs.filter { $0.distance == 0 }.map(\.image) == [2, 3])
    #expect(pairs.filter { $0.distance == 0 }.allSatisfy { $0.earlier == 0 })
  }

  @Test func flatPicturesAreNoDuplicates() {
    let hashes = [PerceptualHash](repeating: PerceptualHash(bits: 0, isFlat: true), count: 5)
    #expect(NearDuplicates(hashes).pairs.isEmpty)
  }
}
