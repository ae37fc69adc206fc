package import Datasets
package import JacquardEngine

/// The views of an image to evaluate; the mean of their logits counts.
package enum TestTimeViews: String, CaseIterable, Sendable {
  /// The image itself.
  case none
  /// The image and its mirror image.
  case flip
  /// The image, and the image moved by one pixel up, down, left and right.
  case shift

  /// The change for each view; the first view is the image itself.
  package var changes: [ImageChange] {
    switch self {
    case .none: [ImageChange()]
    case .flip: [ImageChange(), ImageChange(isMirrored: true)]
    case .shift:
      [
        ImageChange(), ImageChange(down: -1), ImageChange(down: 1), ImageChange(right: -1), ImageChange(right: 1),
      ]
    }
  }
}

extension TestTimeViews {
  /// A network's predictions for images, with the mean of the logits over several views.
  ///
  /// - Parameter shouldStop: Called every few images; if it returns true, the result is nil.
  package func predictions(
    _ network: Network, _ source: SampleSource, inference: InferenceSettings,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> Predictions? {
    predictions(
      Predictor(network, team: try inference.team(), chunk: inference.imagesPerWorker), source,
      shouldStop: shouldStop)
  }

  /// A predictor's predictions for images, with the mean of the logits over several views.
  package func predictions(
    _ predictor: Predictor, _ source: SampleSource, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) -> Predictions? {
    let all = changes.compactMap {
      predictor.logits(of: source.changed(by: $0), shouldStop: shouldStop)
    }
    guard let first = all.first, all.count == changes.count else { return nil }
    if all.count == 1 { return first }
    var sums = first.logits
    for view in all.dropFirst() {
      for (place, logit) in view.logits.enumerated() { sums[place] += logit }
    }
    return Predictions(logits: sums.map { $0 / Float(all.count) }, labels: first.labels)
  }
}
