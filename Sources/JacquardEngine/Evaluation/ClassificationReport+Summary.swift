extension ClassificationReport {
  /// Means over the classes. Each class counts the same, regardless of how many images it has.
  public struct Macro: Sendable, Hashable {
    /// The mean precision.
    public let precision: Double
    /// The mean recall.
    public let recall: Double
    /// The mean F1 of the classes.
    public let f1: Double
  }

  /// The means over the classes that occur as labels or as answers; nothing is known about the others.
  public var macro: Macro {
    let answered = Set(pairs.keys.map { $0 % perClass.count })
    let occurring = perClass.indices.filter { perClass[$0].support > 0 || answered.contains($0) }.map { perClass[$0] }
    let count = Double(max(1, occurring.count))
    func mean(_ value: (ClassFigures) -> Double) -> Double { occurring.reduce(0) { $0 + value($1) } / count }
    return Macro(precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1))
  }

  /// The mean recall of the classes that occur as labels: the accuracy if all of them were equally frequent.
  public var balancedAccuracy: Double {
    let present = perClass.filter { $0.support > 0 }
    return present.reduce(0) { $0 + $1.recall } / Double(max(1, present.count))
  }

  /// The 95 % confidence interval of the accuracy on other images of the same kind.
  public var accuracyInterval: ShareInterval { ShareInterval(hits: correct, count: count) }

  /// The pairs of classes that are confused most often, most frequent first; equal pairs are in order of true class, then answer.
  public func mostConfused(_ limit: Int) -> [ConfusedPair] {
    let classes = perClass.count
    let mistakes = pairs.filter { $0.key / classes != $0.key % classes }
    let sorted = mistakes.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    return sorted.prefix(limit).map { pair, count in
      ConfusedPair(label: pair / classes, answer: pair % classes, count: count)
    }
  }
}
