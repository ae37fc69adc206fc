internal import Support

/// The quantity that training minimizes: a function of the logits and labels of a batch.
///
/// Several workers call a loss at once, each for one shard, and it must not allocate. The engine sums the shards in order, so a run gives the same
/// bits on any number of threads.
public protocol Loss: Sendable {
  /// The sum of the losses of some images, and `gradient ← scale · ∂loss/∂logits`.
  ///
  /// - Parameters:
  ///   - logits: `[images][classes]`
  ///   - labels: The true class of each image, from 0 to below `classes`.
  ///   - classes: Logits per image.
  ///   - scale: The factor of the gradient: 1 over the number of images in the whole batch.
  ///   - gradient: `[images][classes]`, to overwrite.
  func sumAndGradient(
    logits: Span<Float>, labels: Span<Int32>, classes: Int, scale: Float, gradient: inout MutableSpan<Float>
  ) -> Double
}

/// Counts right answers, independently of the loss.
enum RightAnswers {
  /// Right answers in `logits [images][classes]`.
  static func count(logits: Span<Float>, labels: Span<Int32>, classes: Int) -> Int {
    var count = 0
    for image in labels.indices
    where isRight(logits.extracting(image * classes..<(image + 1) * classes), label: Int(labels[image])) {
      count += 1
    }
    return count
  }

  /// Whether the largest logit is that of the label; the first of equal logits counts.
  static func isRight(_ logits: Span<Float>, label: Int) -> Bool {
    require(label >= 0 && label < logits.count, "Loss: label \(label) is outside 0..<\(logits.count)")
    for index in logits.indices
    where logits[index] > logits[label] || (logits[index] == logits[label] && index < label) {
      return false
    }
    // A NaN compares false with everything, so it would count as right.
    return !logits[label].isNaN
  }
}
