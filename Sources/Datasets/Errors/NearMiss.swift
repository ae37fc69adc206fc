/// Finds what a mistyped name was probably meant to be.
enum NearMiss {
  /// The candidate with the fewest edits from `text`, unless that is more than a third of the candidate's length (at least 1).
  static func closest(to text: String, among candidates: [String]) -> String? {
    let scored = candidates.map { candidate in (candidate, edits(from: Array(text), to: Array(candidate))) }
    guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= max(1, best.0.count / 3) else { return nil }
    return best.0
  }

  /// The least number of insertions, deletions, replacements and swaps of neighbours that turn one text into the other.
  private static func edits(from source: [Character], to target: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...target.count)
    for (row, character) in source.enumerated() {
      var current = [row + 1]
      for (column, wanted) in target.enumerated() {
        var best = min(previous[column + 1] + 1, current[column] + 1, previous[column] + (character == wanted ? 0 : 1))
        if row > 0, column > 0, character == target[column - 1], source[row - 1] == wanted {
          best = min(best, beforePrevious[column - 1] + 1)
        }
        current.append(best)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[target.count]
  }
}
