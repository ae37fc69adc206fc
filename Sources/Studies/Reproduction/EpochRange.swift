/// A range of epochs, as `--epochs` names it.
package enum EpochRange {
  /// Reads `7` or `7..8`, including both ends; nil for anything else.
  package static func parse(_ text: String) -> ClosedRange<Int>? {
    let ends = text.split(separator: "..", omittingEmptySubsequences: false)
    // `Int` itself would also accept a sign.
    let numbers = ends.compactMap { $0.allSatisfy { $0.isASCII && $0.isNumber } ? Int($0) : nil }
    guard (1...2).contains(ends.count), numbers.count == ends.count, numbers[0] >= 1 else { return nil }
    let last = numbers[numbers.count - 1]
    return numbers[0] <= last ? numbers[0]...last : nil
  }

  /// The range as text, in the form that `parse` reads.
  package static func text(_ range: ClosedRange<Int>) -> String {
    range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)..\(range.upperBound)"
  }
}
