/// Finds the name that a user probably meant when mistyping one.
package enum Suggestion {
  /// The candidate nearest to `name`; nil if none is near enough.
  ///
  /// Nearness is the optimal string alignment distance (insertions, deletions, substitutions and swaps of neighbors, each of cost 1)
  /// without regard to case. A candidate counts when its distance is at most `max(1, length of name / 3)`. Among equally near
  /// candidates the alphabetically first one wins, so that the order of `candidates`, which may come from a set, does not matter.
  package static func closest(to name: String, among candidates: [String]) -> String? {
    // People do not mistype a name of this length, and the time would grow with its square.
    guard name.utf8.count <= 1024 else { return nil }
    let word = Array(name.lowercased())
    guard !word.isEmpty else { return nil }
    let limit = max(1, word.count / 3)
    var best: (distance: Int, candidate: String)?
    for candidate in candidates where candidate.utf8.count <= 4096 {
      let other = Array(candidate.lowercased())
      // The difference in length is a lower bound of the distance, which avoids most of the tables.
      guard !other.isEmpty, abs(other.count - word.count) <= limit else { continue }
      let distance = alignmentDistance(word, other)
      guard distance <= limit else { continue }
      if let current = best, (current.distance, current.candidate) <= (distance, candidate) { continue }
      best = (distance, candidate)
    }
    return best?.candidate
  }

  /// The optimal string alignment distance: the least number of edits, where no part of a word is edited twice.
  ///
  /// Three rows of the table are enough: a swap looks back two rows, everything else one.
  private static func alignmentDistance(_ source: [Character], _ target: [Character]) -> Int {
    var beforePrevious = [Int](repeating: 0, count: target.count + 1)
    var previous = Array(0...target.count)
    for row in 0..<source.count {
      var current = [row + 1]
      current.reserveCapacity(target.count + 1)
      for column in 0..<target.count {
        let substitution = previous[column] + (source[row] == target[column] ? 0 : 1)
        var distance = min(substitution, previous[column + 1] + 1, current[column] + 1)
        let isSwap =
          row > 0 && column > 0 && source[row] == target[column - 1] && source[row - 1] == target[column]
        if isSwap { distance = min(distance, beforePrevious[column - 1] + 1) }
        current.append(distance)
      }
      (beforePrevious, previous) = (previous, current)
    }
    return previous[target.count]
  }
}
