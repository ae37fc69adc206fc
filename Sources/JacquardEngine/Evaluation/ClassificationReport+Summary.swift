extension ClassificationReport {
  /// Means over the classes, each of which counts the same, however many images it has.
  public struct Macro: Sendable, Hashable {
    /// The mean precision.
    public let precision: Double
    /// The mean recall.
    public let recall: Double
    /// The mean of the classes' F1.
    public let f1: Double
  }

  /// The means over the classes that occur, as labels or as answers; of others nothing is known.
  public var macro: Macro {
    let answered = Set(pairs.keys.map { $0 % perClass.count })
    let occurring = perClass.indices.filter { perClass[$0].support > 0 || answered.contains($0) }.map { perClass[$0] }
    let count = Double(max(1, occurring.count))
    func mean(_ value: (ClassFigures) -> Double) -> Double { occurring.reduce(0) { $0 + value($1) } / count }
    return Macro(precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1))
  }

  /// Where the accuracy on other images of the same kind lies, 95 times of 100.
  public var accuracyInterval: ShareInterval { ShareInterval(hits: correct, count: count) }

  /// The pairs of classes that are confused most often, the most frequent first; of equal ones the first true class, then answer.
  public func mostConfused(_ limit: Int) -> [ConfusedPair] {
    let classes = perClass.count
    let mistakes = pairs.filter { $0.key / classes != $0.key % classes }
    let sorted = mistakes.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    return sorted.prefix(limit).map { pair, count in
      ConfusedPair(label: pair / classes, answer: pair % classes, count: count)
    }
  }
}
