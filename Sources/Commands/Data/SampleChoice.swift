internal import Datasets

/// Which images of a set `data show` shows.
enum SampleChoice: Equatable {
  /// The first images of each class, this many.
  case perClass(Int)
  /// The images with these numbers.
  case indices([Int])
  /// This many images at random.
  case random(Int, seed: UInt64)

  /// The images, grouped as they are drawn.
  func groups(of set: ImageSet) -> [[Int]] {
    switch self {
    case .perClass(let count): set.firstOfEachClass(count)
    case .indices(let indices): [indices]
    case .random(let count, let seed): [set.randomIndices(count, seed: seed)]
    }
  }

  /// The most images shown at once.
  static let limit = 10_000

  /// Reads a list such as `0,5,10..19`, where ranges include both ends; nil if the text is not such a list.
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
