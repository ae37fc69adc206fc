/// A part of a sweep's runs: every N-th, from the I-th on.
struct SweepShard: Equatable, Sendable {
  /// Which part, from 1.
  let number: Int
  /// Of how many.
  let count: Int

  /// All of them.
  static let whole = SweepShard(number: 1, count: 1)

  private init(number: Int, count: Int) { (self.number, self.count) = (number, count) }

  /// Reads a text such as `2/5`.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], count >= 1, 1...count ~= number else {
      return nil
    }
    self.init(number: number, count: count)
  }

  /// Whether the run at a place, from 0, belongs to it.
  func contains(_ place: Int) -> Bool { place % count == number - 1 }
}
