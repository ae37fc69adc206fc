internal import Datasets

/// Which images of a set `data show` shows.
enum SampleChoice: Equatable {
  /// So many of each class, from the first.
  case perClass(Int)
  /// These.
  case indices([Int])
  /// So many at random.
  case random(Int, seed: UInt64)

  /// The images, in groups that belong together.
  func groups(of set: ImageSet) -> [[Int]] {
    switch self {
    case .perClass(let count): set.firstOfEachClass(count)
    case .indices(let indices): [indices]
    case .random(let count, let seed): [set.randomIndices(count, seed: seed)]
    }
  }

  /// The most images that are shown at once.
  static let limit = 10_000

  /// Reads a list such as `0,5,10..19`, where both ends count; nil if it is none.
  static func indices(_ text: String) -> [Int]? {
    var indices: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard indices.count < limit, part.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else { return nil }
      if let index = Int(part) {
        indices.append(index)
        continue
      }
      let ends = part.split(separator: "..", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last - first < limit else {
        return nil
      }
      indices += first...last
    }
    return indices.count <= limit ? indices : nil
  }
}
