package import Datasets
internal import Support

/// How much the images of each class count in the loss.
package enum ClassWeights: Hashable, Sendable, CustomStringConvertible {
  /// All the same.
  case none
  /// By the inverse of a class's share of the training images: all classes count the same, and the mean weight of an image is 1.
  case balanced
  /// These numbers, in the order of the classes.
  case list([Double])

  private static let range = NumberRange.from(0, upTo: 1_000_000)

  /// Reads "none", "balanced" or a list such as "1,2,0.5".
  package init?(_ text: String) {
    switch text {
    case "none": self = .none
    case "balanced": self = .balanced
    default:
      let weights = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        Double(part.filter { !$0.isWhitespace }).flatMap { Self.range.contains($0) ? $0 : nil }
      }
      let known = weights.compactMap(\.self)
      // With nothing but zeros there would be nothing to learn.
      guard known.count == weights.count, known.contains(where: { $0 > 0 }) else { return nil }
      self = .list(known)
    }
  }

  /// The text; reading it gives the same value.
  package var description: String {
    switch self {
    case .none: "none"
    case .balanced: "balanced"
    case .list(let weights): weights.map { Int(exactly: $0).map(String.init) ?? $0.description }.joined(separator: ",")
    }
  }

  /// The weight of each class of some samples; nil for the same.
  ///
  /// - Throws: `SettingError` if a list does not have a number for each class.
  package func weights(for samples: SampleSource) throws(SettingError) -> [Double]? {
    let classes = samples.classNames.count
    switch self {
    case .none: return nil
    case .balanced:
      var counts = [Int](repeating: 0, count: classes)
      for index in samples.indices { counts[Int(samples.set.labels[Int(index)])] += 1 }
      // The weight of a class without images has no effect.
      return counts.map { $0 == 0 ? 1 : Double(samples.count) / Double(classes * $0) }
    case .list(let weights):
      guard weights.count == classes else {
        throw SettingError(
          setting: "class_weights", part: description,
          reason: "expected a number for each of the \(classes) classes, found \(weights.count)")
      }
      return weights
    }
  }
}
