/// How unequal the numbers of images of the classes are: the largest class beside the smallest.
package struct ClassImbalance: Equatable, Sendable {
  /// The class with the most images; of equal ones, the first.
  package let largest: Int
  /// Its images.
  package let largestCount: Int
  /// The class with the fewest images, but at least one; of equal ones, the first.
  package let smallest: Int
  /// Its images.
  package let smallestCount: Int

  /// From this ratio on, rare classes are likely to be learned less well than others.
  package static let considerableRatio = 3.0

  /// Compares classes by their numbers of images; nil if fewer than two have any.
  package init?(counts: [Int]) {
    let present = counts.indices.filter { counts[$0] > 0 }
    guard present.count > 1, let first = present.first else { return nil }
    largest = present.reduce(first) { counts[$1] > counts[$0] ? $1 : $0 }
    smallest = present.reduce(first) { counts[$1] < counts[$0] ? $1 : $0 }
    largestCount = counts[largest]
    smallestCount = counts[smallest]
  }

  /// The images of the largest class for each of the smallest.
  package var ratio: Double { Double(largestCount) / Double(smallestCount) }

  /// Whether a training should do something about it.
  package var isConsiderable: Bool { ratio >= Self.considerableRatio }
}
