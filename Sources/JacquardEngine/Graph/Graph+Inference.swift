/// How many images inference computes at once.
extension Graph {
  /// The number of images that a worker computes at once, at most `most`. No answer depends on it.
  ///
  /// More images than this push the activations out of the cache, so that every operator reads its input from memory. Fewer of them read the weights
  /// more often. The bytes moved are about the same if the largest activation of these images is as large as the weights; smaller activations stay
  /// in a second-level cache in any case.
  package func imagesAtOnce(most: Int) -> Int {
    let largest = withBlocks(isTraining: false).nodes.lazy.flatMap(\.outputs).map(\.shape.count).max() ?? 1
    return max(1, min(most, (parameters.elementCount + Self.cachedFloats) / largest))
  }

  /// 1 MiB, a second-level cache.
  private static let cachedFloats = 256 * 1024
}
