internal import Randomness
internal import Support

/// Cross-entropy that counts images less the better they are recognized: with `p` the probability of the true class, `loss = −(1 − p)^γ · log p`.
///
/// The gradient of the logits `z` is `∂loss/∂zⱼ = ((1 − p)^γ − γ · (1 − p)^(γ − 1) · p · log p) · (pⱼ − [j is the true class])`.
///
/// Source: Lin, Goyal, Girshick, He and Dollár, "Focal loss for dense object detection", 2017 (arXiv 1708.02002).
public struct FocalLoss: Loss, Hashable {
  /// The exponent γ, from 0 to 10; 0 gives cross-entropy.
  public let gamma: Double

  /// A loss with this exponent, from 0 to 10.
  public init(gamma: Double = 2) {
    let allowed = TrainingConfiguration.Settings.focalGamma
    require(allowed.allows(gamma), "FocalLoss: gamma must be \(allowed.allowedBriefly), found \(gamma)")
    self.gamma = gamma
  }

  /// The sum of the losses, and `gradient ← scale · ∂loss/∂logits`, `[images][classes]`.
  public func sumAndGradient(
    logits: Span<Float>, labels: Span<Int32>, classes: Int, scale: Float, gradient: inout MutableSpan<Float>
  ) -> Double {
    var sum = 0.0
    for image in labels.indices {
      var rowGradient = gradient.part(image * classes..<(image + 1) * classes)
      sum += lossAndGradient(
        logits.extracting(image * classes..<(image + 1) * classes), label: Int(labels[image]), scale: Double(scale),
        gradient: &rowGradient)
    }
    return sum
  }

  private func lossAndGradient(
    _ logits: Span<Float>, label: Int, scale: Double, gradient: inout MutableSpan<Float>
  ) -> Double {
    require(label >= 0 && label < logits.count, "FocalLoss: label \(label) is outside 0..<\(logits.count)")
    let largest = SoftmaxCrossEntropy.maximum(logits)
    // Without the true class, because 1 − p would lose all digits where p is almost 1.
    var others = 0.0
    for index in logits.indices {
      let exponential = ElementaryFunctions.exponential(Double(logits[index] - largest))
      gradient[index] = Float(exponential)
      if index != label { others += exponential }
    }
    let own = ElementaryFunctions.exponential(Double(logits[label] - largest))
    let total = own + others
    guard total.isFinite else {
      for index in gradient.indices { gradient[index] = .nan }
      return .nan
    }
    let (probability, rest) = (own / total, others / total)
    // log p = −log(1 + ratio), by its series where the sum would round to 1.
    let ratio = others / own
    let logarithm =
      ratio < 1e-5
      ? -ratio * (1 - ratio * (1.0 / 2 - ratio / 3))
      : Double(logits[label] - largest) - ElementaryFunctions.logarithm(total)
    // (1 − p)^γ, and the factor of the gradient; both are 0 where 1 − p is too small for a Double.
    let power: Double
    let factor: Double
    if gamma == 0 {
      (power, factor) = (1, 1)
    } else if rest.isNormal {
      power = ElementaryFunctions.exponential(gamma * ElementaryFunctions.logarithm(rest))
      factor = power * (1 - gamma * probability * logarithm / rest)
    } else {
      (power, factor) = (0, 0)
    }
    for index in gradient.indices {
      let slope = index == label ? -rest : Double(gradient[index]) / total
      gradient[index] = Float(scale * factor * slope)
    }
    return -power * logarithm
  }
}
