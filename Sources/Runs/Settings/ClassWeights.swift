package import Datasets
internal import Files
internal import Support

/// How much the images of each class count in the loss.
package enum ClassWeights: Hashable, Sendable, CustomStringConvertible {
  /// All the same.
  case none
  /// By the inverse of a class's share of the training images: all classes count the same, and the mean weight of an image is 1.
  case balanced
  /// These numbers, in the order of the classes.
  case list([Double])
  /// Those that a table names, by its absolute path. They depend on the data's classes, and a run records them as a list.
  case file(String)

  static let range = NumberRange.from(0, upTo: 1_000_000)

  /// Reads "none", "balanced", a list such as "1,2,0.5", or a path: a text with a slash, or one that ends in ".csv".
  package init?(_ text: String) {
    switch text {
    case "none": self = .none
    case "balanced": self = .balanced
    case _ where PathText.hasFolder(text) || text.lowercased().endsWith(bytesOf: ".csv"):
      self = .file(Folder.absolutePath(text))
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
    case .file(let path): path
    }
  }

  /// The weight of each class of some samples; nil for the same.
  ///
  /// - Throws: `SettingError` if a list does not have a number for each class, and a `Failure` for a table that does not fit the classes.
  package func weights(for samples: SampleSource) throws -> [Double]? {
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
    case .file(let path): return try Self.table(path, classNames: samples.classNames)
    }
  }

  /// The same weights without a file, for a run's record.
  ///
  /// - Parameter weights: Those of the run's samples.
  func recorded(as weights: [Double]?) -> ClassWeights {
    guard case .file = self, let weights else { return self }
    return .list(weights)
  }
}
