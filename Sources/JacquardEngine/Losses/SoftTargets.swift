internal import Randomness
internal import Support

/// The divergence from soft targets: for targets `q` and logits `z`, `T² · KL(q ‖ softmax(z / T)) = T² · Σ q · (log q − log softmax(z / T))`.
///
/// Its gradient is `T · (softmax(z / T) − q)`. The factor `T²` keeps it of the same size at all temperatures.
package struct SoftTargets: Hashable, Sendable {
  /// What logits are divided by.
  package let temperature: Double

  /// Soft targets at a temperature above 0.
  package init(temperature: Double) { self.temperature = temperature }

  /// The sum of the divergences of some images, and `gradient ← gradient + scale · ∂divergence/∂logits`.
  ///
  /// - Parameters:
  ///   - logits: `[images][classes]`
  ///   - targets: Probabilities, `[images][classes]`.
  ///   - gradient: `[images][classes]`
  package func addGradient(
    logits: Span<Float>, targets: Span<Float>, classes: Int, scale: Double, to gradient: inout MutableSpan<Float>
  ) -> Double {
    require(
      logits.count == targets.count && logits.count == gradient.count && logits.count.isMultiple(of: classes),
      "SoftTargets: \(logits.count) logits, \(targets.count) targets and \(gradient.count) gradients of \(classes) classes"
    )
    var sum = 0.0
    for first in stride(from: 0, to: logits.count, by: classes) {
      let row = first..<first + classes
      let (largest, logarithm) = partition(logits.extracting(row))
      var divergence = 0.0
      for index in row {
        let target = Double(targets[index])
        let logProbability = Double(logits[index] - largest) / temperature - logarithm
        if target > 0 { divergence += target * (ElementaryFunctions.logarithm(target) - logProbability) }
        let probability = ElementaryFunctions.exponential(logProbability)
        gradient[index] += Float(scale * temperature * (probability - target))
      }
      sum += temperature * temperature * divergence
    }
    return sum
  }

  /// targets ← targets + share · softmax(logits / T), of one image or several.
  package func add(
    _ logits: Span<Float>, classes: Int, share: Double, to targets: inout MutableSpan<Float>
  ) {
    require(
      logits.count == targets.count && logits.count.isMultiple(of: classes),
      "SoftTargets: \(logits.count) logits and \(targets.count) targets of \(classes) classes")
    for first in stride(from: 0, to: logits.count, by: classes) {
      let row = first..<first + classes
      let (largest, logarithm) = partition(logits.extracting(row))
      for index in row {
        let probability = ElementaryFunctions.exponential(Double(logits[index] - largest) / temperature - logarithm)
        targets[index] += Float(share * probability)
      }
    }
  }

  /// The largest logit, and `log Σ exp((z − largest) / T)`.
  private func partition(_ logits: Span<Float>) -> (largest: Float, logarithm: Double) {
    let largest = SoftmaxCrossEntropy.maximum(logits)
    var sum = 0.0
    for index in logits.indices {
      sum += ElementaryFunctions.exponential(Double(logits[index] - largest) / temperature)
    }
    return (largest, sum.isFinite ? ElementaryFunctions.logarithm(sum) : sum)
  }
}
