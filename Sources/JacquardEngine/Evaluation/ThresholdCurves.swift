internal import Support

/// How well the probability of one class separates its images from all others, for every threshold.
///
/// An image counts as found if the class's probability is at least the threshold. Images of equal probability are found together.
package struct ThresholdCurves: Sendable {
  /// The counts at one threshold.
  package struct Step: Hashable, Sendable {
    /// The threshold.
    package let threshold: Double
    /// Images of the class that are found.
    package let found: Int
    /// Other images that are taken for it.
    package let mistaken: Int
  }

  /// The steps, by falling thresholds: one for each probability that occurs.
  package let steps: [Step]
  /// The images of the class.
  package let positives: Int
  /// The others.
  package let negatives: Int

  /// The curves of a class.
  ///
  /// - Parameters:
  ///   - probabilities: `[images][classes]`
  ///   - labels: The class of each image.
  package init(_ probabilities: [Float], labels: [Int32], classes: Int, class choice: Int) {
    require(
      probabilities.count == labels.count * classes && 0..<classes ~= choice,
      "ThresholdCurves: \(labels.count) labels, \(probabilities.count) probabilities, class \(choice) of \(classes)")
    let scored = labels.indices.map { (score: probabilities[$0 * classes + choice], isOwn: labels[$0] == choice) }
      .sorted { $0.score > $1.score }
    var steps: [Step] = []
    var (found, mistaken) = (0, 0)
    for (place, image) in scored.enumerated() {
      if image.isOwn { found += 1 } else { mistaken += 1 }
      if place + 1 == scored.count || scored[place + 1].score < image.score {
        steps.append(Step(threshold: Double(image.score), found: found, mistaken: mistaken))
      }
    }
    self.steps = steps
    positives = found
    negatives = mistaken
  }

  /// The receiver operating characteristic from (0, 0): the share of the others that are mistaken, and the share of the class that is found. Empty if all images
  /// are of one kind.
  package var rates: [(mistaken: Double, found: Double)] {
    guard positives > 0, negatives > 0 else { return [] }
    return [(0, 0)] + steps.map { (Double($0.mistaken) / Double(negatives), Double($0.found) / Double(positives)) }
  }

  /// The area under the receiver operating characteristic, by trapezoids: the probability that an image of the class has a higher probability than another one.
  /// Nil if all images are of one kind.
  package var area: Double? {
    let rates = rates
    guard !rates.isEmpty else { return nil }
    return zip(rates, rates.dropFirst()).reduce(0) {
      $0 + ($1.1.mistaken - $1.0.mistaken) * ($1.1.found + $1.0.found) / 2
    }
  }

  /// Recall and precision at each step; empty without images of the class.
  package var precisions: [(recall: Double, precision: Double)] {
    guard positives > 0 else { return [] }
    return steps.map { (Double($0.found) / Double(positives), Double($0.found) / Double($0.found + $0.mistaken)) }
  }

  /// `Σ (recall − the recall before) · precision` over the steps; nil without images of the class.
  package var averagePrecision: Double? {
    guard positives > 0 else { return nil }
    var (sum, before) = (0.0, 0.0)
    for point in precisions {
      sum += (point.recall - before) * point.precision
      before = point.recall
    }
    return sum
  }
}
