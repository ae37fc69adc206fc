internal import Files
internal import Samples
internal import Support
internal import Synchronization

/// Finds images of a set that are equal to a given one, pixel by pixel.
public struct DuplicateIndex: Sendable {
  private let set: ImageSet
  /// A hash of the pixels of each image.
  private let hashes: [UInt64]
  /// The first image of each hash.
  private let firsts: [UInt64: Int32]
  /// The next image of the same hash, for each image; -1 after the last one.
  private let nexts: [Int32]

  /// Looks at every image of a set once.
  public init(_ set: ImageSet) {
    let hashes = Self.hashes(of: set)
    var firsts: [UInt64: Int32] = [:]
    var lasts: [UInt64: Int32] = [:]
    var nexts = [Int32](repeating: -1, count: hashes.count)
    firsts.reserveCapacity(hashes.count)
    for (index, hash) in hashes.enumerated() {
      guard firsts[hash] != nil else {
        firsts[hash] = Int32(index)
        continue
      }
      nexts[Int(lasts[hash] ?? firsts[hash] ?? 0)] = Int32(index)
      lasts[hash] = Int32(index)
    }
    self.set = set
    self.hashes = hashes
    self.firsts = firsts
    self.nexts = nexts
  }

  /// The first image that is equal to the one at `index` of another set; nil if none is equal or the shapes differ.
  public func firstMatch(of other: ImageSet, at index: Int) -> Int? {
    firstMatch(of: other, at: index, hash: Self.hash(other, index))
  }

  /// The images that are equal to an earlier one of the set, each with the first such image.
  public var repetitions: [(image: Int, first: Int)] {
    // Only images behind another one of their hash can be repetitions.
    nexts.filter { $0 >= 0 }.sorted().compactMap { index in
      guard let first = firstMatch(of: set, at: Int(index), hash: hashes[Int(index)]), first != Int(index) else {
        return nil
      }
      return (Int(index), first)
    }
  }

  /// The images of another set that also occur in this one, each with the first equal image.
  public func matches(of other: ImageSet) -> [(image: Int, first: Int)] {
    guard other.shape == set.shape else { return [] }
    return Self.hashes(of: other).enumerated().compactMap { index, hash in
      firstMatch(of: other, at: index, hash: hash).map { (index, $0) }
    }
  }

  private func firstMatch(of other: ImageSet, at index: Int, hash: UInt64) -> Int? {
    guard other.shape == set.shape, var candidate = firsts[hash] else { return nil }
    // Different images may have the same hash.
    while candidate >= 0 {
      if Self.isEqual(set.image(at: Int(candidate)), other.image(at: index)) { return Int(candidate) }
      candidate = nexts[Int(candidate)]
    }
    return nil
  }

  private static func isEqual(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
    for place in one.indices where one[place] != other[place] { return false }
    return true
  }

  /// How many bytes a thread hashes at a time.
  private static let blockByteCount = 1 << 21

  /// The hashes of all images, computed on all processors.
  private static func hashes(of set: ImageSet) -> [UInt64] {
    let perBlock = max(1, blockByteCount / max(1, set.shape.count))
    let all = Mutex([UInt64](repeating: 0, count: set.count))
    Parallel.perform(count: (set.count + perBlock - 1) / perBlock) { block in
      let range = block * perBlock..<min(set.count, (block + 1) * perBlock)
      let hashes = range.map { hash(set, $0) }
      all.withLock { $0.replaceSubrange(range, with: hashes) }
    }
    return all.withLock { $0 }
  }

  private static func hash(_ set: ImageSet, _ index: Int) -> UInt64 {
    var hash = XXH64()
    hash.update(set.image(at: index))
    return hash.digest()
  }
}
