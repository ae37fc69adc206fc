package import Datasets
internal import Randomness
internal import Support
internal import Synchronization

/// Images that are almost equal to others: their perceptual hashes differ by at most five of 64 bits.
///
/// Hashes that differ by five bits agree in one of six parts of 10 or 11 bits, so that only images with a common part are compared. Images of equal hashes are compared
/// with the first of them only, and each image with a bounded number of others, so that the work grows with the number of images.
package struct NearDuplicates: Sendable {
  /// An image with an earlier one that is almost equal.
  package struct Pair: Hashable, Sendable {
    /// The number of the later image.
    package let image: Int
    /// The number of the earlier one.
    package let earlier: Int
    /// The bits in which their hashes differ.
    package let distance: Int

    /// Describes a pair.
    package init(image: Int, earlier: Int, distance: Int) {
      self.image = image
      self.earlier = earlier
      self.distance = distance
    }
  }

  /// The bits in which hashes of almost equal images may differ.
  package static let mostBits = 5
  /// The most hashes that one is compared with in each part.
  private static let mostComparisons = 2000

  /// The pairs, by their later images, and then by their earlier ones. An image may be in several.
  package let pairs: [Pair]

  /// Finds the pairs among images with these hashes, in their order.
  package init(_ hashes: [PerceptualHash]) {
    var firsts: [UInt64: Int] = [:]
    var pairs: [Pair] = []
    var distinct: [Int] = []
    for (image, hash) in hashes.enumerated() where !hash.isFlat {
      if let first = firsts[hash.bits] {
        pairs.append(Pair(image: image, earlier: first, distance: 0))
      } else {
        firsts[hash.bits] = image
        distinct.append(image)
      }
    }
    var found: Set<Pair> = []
    let parts = Self.mostBits + 1
    for part in 0..<parts {
      let bits = 64 * part / parts..<64 * (part + 1) / parts
      let mask: UInt64 = (1 << UInt64(bits.count)) - 1
      var buckets: [UInt64: [Int]] = [:]
      for image in distinct {
        let key = hashes[image].bits >> UInt64(bits.lowerBound) & mask
        let others = buckets[key] ?? []
        for other in others.suffix(Self.mostComparisons) {
          let distance = hashes[image].distance(to: hashes[other])
          if distance <= Self.mostBits { found.insert(Pair(image: image, earlier: other, distance: distance)) }
        }
        buckets[key, default: []].append(image)
      }
    }
    self.pairs = (pairs + found).sorted { ($0.image, $0.earlier) < ($1.image, $1.earlier) }
  }

  /// The hashes of all images of a set, computed on all processors.
  package static func hashes(of set: ImageSet) -> [PerceptualHash] {
    let basis = PerceptualHash.Basis(cosine: ElementaryFunctions.cosine(turns:))
    let size = 256
    let all = Mutex([[PerceptualHash]](repeating: [], count: (set.count + size - 1) / size))
    Parallel.perform(count: (set.count + size - 1) / size) { block in
      let hashes = (block * size..<min(set.count, (block + 1) * size)).map {
        PerceptualHash(set, at: $0, basis: basis)
      }
      all.withLock { $0[block] = hashes }
    }
    return all.withLock { $0.flatMap(\.self) }
  }
}
