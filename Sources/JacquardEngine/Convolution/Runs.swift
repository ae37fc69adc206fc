/// Whole numbers from 0, cut into runs of one size; the last may be shorter.
///
/// A sequence without a closure, because `lazy.map` allocates memory wherever the compiler cannot see through it.
struct Runs: Sequence, IteratorProtocol {
  private let count: Int
  private let size: Int
  private var first = 0

  /// The runs of `count` numbers; the size must be positive.
  init(of size: Int, count: Int) {
    self.size = size
    self.count = count
  }

  mutating func next() -> Range<Int>? {
    guard first < count else { return nil }
    defer { first += size }
    return first..<Swift.min(first + size, count)
  }
}
