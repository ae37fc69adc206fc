internal import Randomness
internal import Support

/// The loss of a classifier: softmax, then cross-entropy with the true class, in one numerically stable step.
///
/// For logits `z` and target distribution `q`, `loss = log Σ exp(z − max z) + max z − Σ q z`. With label smoothing
/// `ε` over `K` classes the target is `(1 − ε)` on the true class plus `ε / K` everywhere (Szegedy et al. 2015).
public struct SoftmaxCrossEntropy: Loss, Hashable {
  /// The weight of the uniform distribution in the target, from 0 to below 1.
  public let labelSmoothing: Float

  /// A loss with label smoothing, from 0 to below 1.
  public init(labelSmoothing: Float = 0) {
    let allowed = TrainingConfiguration.Settings.labelSmoothing
    require(
      allowed.allows(Double(labelSmoothing)),
      "SoftmaxCrossEntropy: labelSmoothing must be \(allowed.allowedBriefly), found \(labelSmoothing)")
    self.labelSmoothing = labelSmoothing
  }

  /// The sum of losses and the number of right answers of some images.
  public struct Total: Sendable, Hashable {
    /// Σ loss
    public var loss = 0.0
    /// Images whose largest logit is that of their class; the first of equal logits counts.
    public var correct = 0
  }

  /// The total over `logits [images][classes]`.
  public func total(logits: Span<Float>, labels: Span<Int32>, classes: Int) -> Total {
    var total = Total()
    for image in labels.indices {
      let row = logits.extracting(image * classes..<(image + 1) * classes)
      total.loss += loss(row, label: Int(labels[image]))
      total.correct += RightAnswers.isRight(row, label: Int(labels[image])) ? 1 : 0
    }
    return total
  }

  /// The sum of losses, and `gradient ← scale · (softmax(z) − q)`, `[images][classes]`.
  public func sumAndGradient(
    logits: Span<Float>, labels: Span<Int32>, classes: Int, scale: Float, gradient: inout MutableSpan<Float>
  ) -> Double {
    var sum = 0.0
    for image in labels.indices {
      let row = logits.extracting(image * classes..<(image + 1) * classes)
      var rowGradient = gradient.part(image * classes..<(image + 1) * classes)
      Self.softmax(row, into: &rowGradient)
      for index in row.indices {
        let target = labelSmoothing / Float(classes) + (index == Int(labels[image]) ? 1 - labelSmoothing : 0)
        rowGradient[index] = scale * (rowGradient[index] - target)
      }
      sum += loss(row, label: Int(labels[image]))
    }
    return sum
  }

  /// probabilities ← softmax(logits), of one image
  public static func softmax(_ logits: Span<Float>, into probabilities: inout MutableSpan<Float>) {
    Kernels.exponentials(logits, offset: maximum(logits), into: &probabilities)
    var sum: Float = 0
    for index in logits.indices { sum += probabilities[index] }
    for index in logits.indices { probabilities[index] /= sum }
  }

  /// One image's loss.
  func loss(_ logits: Span<Float>, label: Int) -> Double {
    require(
      label >= 0 && label < logits.count, "SoftmaxCrossEntropy: label \(label) is outside 0..<\(logits.count)")
    let largest = Self.maximum(logits)
    var (sum, mean) = (0.0, 0.0)
    for index in logits.indices {
      sum += ElementaryFunctions.exponential(Double(logits[index] - largest))
      mean += Double(logits[index] - largest)
    }
    mean /= Double(logits.count)
    let own = Double(logits[label] - largest)
    let smoothing = Double(labelSmoothing)
    let logarithm = sum.isFinite ? ElementaryFunctions.logarithm(sum) : sum
    return logarithm - (1 - smoothing) * own - smoothing * mean
  }

  /// The largest value, or the first if that is NaN.
  static func maximum(_ values: Span<Float>) -> Float {
    var largest = values[0]
    for index in values.indices where values[index] > largest { largest = values[index] }
    return largest
  }
}
