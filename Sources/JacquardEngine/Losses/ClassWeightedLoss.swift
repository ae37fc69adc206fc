internal import Support

/// A loss in which an image counts as much as the weight of its true class.
///
/// The mean over a batch divides by the number of images, not by the sum of their weights: an image has the same influence in every batch.
public struct ClassWeightedLoss<Base: Loss>: Loss {
  /// The loss of an image without the weight.
  public let base: Base
  /// The weight of each class; finite and at least 0.
  public let weights: [Float]

  /// Weighs a loss by class.
  public init(_ base: Base, weights: [Float]) {
    require(
      weights.allSatisfy { $0.isFinite && $0 >= 0 },
      "ClassWeightedLoss: weights must be finite and at least 0, found \(weights)")
    self.base = base
    self.weights = weights
  }

  /// The sum of the weighted losses, and `gradient ← scale · ∂loss/∂logits`, `[images][classes]`.
  public func sumAndGradient(
    logits: Span<Float>, labels: Span<Int32>, classes: Int, scale: Float, gradient: inout MutableSpan<Float>
  ) -> Double {
    require(
      weights.count == classes, "ClassWeightedLoss: \(classes) classes need as many weights, found \(weights.count)")
    var sum = 0.0
    for image in labels.indices {
      let label = Int(labels[image])
      require(label >= 0 && label < classes, "ClassWeightedLoss: label \(label) is outside 0..<\(classes)")
      var rowGradient = gradient.part(image * classes..<(image + 1) * classes)
      sum +=
        Double(weights[label])
        * base.sumAndGradient(
          logits: logits.extracting(image * classes..<(image + 1) * classes),
          labels: labels.extracting(image..<image + 1), classes: classes, scale: scale * weights[label],
          gradient: &rowGradient)
    }
    return sum
  }
}
