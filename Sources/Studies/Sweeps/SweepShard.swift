/// A part of a sweep's runs: every N-th, starting with the I-th.
package struct SweepShard: Equatable, Sendable {
  /// The number of the part, from 1.
  package let number: Int
  /// The number of parts.
  package let count: Int

  /// All runs.
  package static let whole = SweepShard(number: 1, count: 1)

  private init(number: Int, count: Int) { (self.number, self.count) = (number, count) }

  /// Reads a text such as `2/5`.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], count >= 1, 1...count ~= number else {
      return nil
    }
    self.init(number: number, count: count)
  }

  /// Whether the run at an index, from 0, belongs to it.
  package func contains(_ place: Int) -> Bool { place % count == number - 1 }
}
