internal import Randomness
internal import Samples

extension ImageSet {
  /// The first images of each class, at most `limit`, in the order of the classes.
  public func firstOfEachClass(_ limit: Int) -> [[Int]] {
    var found = [[Int]](repeating: [], count: classCount)
    for (index, label) in labels.enumerated() where found[Int(label)].count < limit { found[Int(label)].append(index) }
    return found
  }

  /// Distinct random images, at most the given number: a function of the seed.
  public func randomIndices(_ count: Int, seed: UInt64) -> [Int] {
    var indices = allIndices
    var generator = RandomStream(seed: seed, name: "data.show").generator(epoch: 0, index: 0)
    generator.shuffle(&indices)
    return indices.prefix(count).map { Int($0) }
  }

  /// The mean image of each class, [H, W, C] in 0…255, rounded; black for a class without images.
  public var classMeans: [[UInt8]] {
    let size = shape.count
    var sums = [[Int]](repeating: Array(repeating: 0, count: size), count: classCount)
    var counts = [Int](repeating: 0, count: classCount)
    for (index, label) in labels.enumerated() {
      counts[Int(label)] += 1
      let pixels = image(at: index)
      for place in pixels.indices { sums[Int(label)][place] += Int(pixels[place]) }
    }
    return zip(sums, counts).map { sum, count in
      sum.map { UInt8((Double($0) / Double(max(1, count))).rounded()) }
    }
  }
}
