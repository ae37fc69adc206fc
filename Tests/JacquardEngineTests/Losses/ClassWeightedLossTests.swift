import JacquardEngine
import TestSupport
import Testing

struct ClassWeightedLossTests {
  /// Each image has the loss and the gradient that it has alone, times the weight of its class, with every loss.
  @Test func imagesCountAsMuchAsTheirClass() {
    var random = TestRandom(seed: 8)
    let logits = random.uniform(20, in: -3...3)
    let labels: [Int32] = [0, 3, 2, 3, 1]
    let weights: [Float] = [1, 0.5, 0, 3]
    let losses: [any Loss] = [SoftmaxCrossEntropy(labelSmoothing: 0.2), FocalLoss(gamma: 1)]
    for base in losses {
      let weighted = weigh(base, by: weights)
      var gradient = [Float](repeating: .nan, count: 20)
      var span = gradient.mutableSpan
      let sum = weighted.sumAndGradient(
        logits: logits.span, labels: labels.span, classes: 4, scale: 0.5, gradient: &span)
      var expectedSum = 0.0
      var expected: [Double] = []
      for image in 0..<5 {
        var alone = [Float](repeating: .nan, count: 4)
        var aloneSpan = alone.mutableSpan
        let loss = base.sumAndGradient(
          logits: Array(logits[image * 4..<(image + 1) * 4]).span, labels: [labels[image]].span, classes: 4, scale: 0.5,
          gradient: &aloneSpan)
        let weight = Double(weights[Int(labels[image])])
        expectedSum += weight * loss
        expected += alone.map { weight * Double($0) }
      }
      #expect((sum - expectedSum).magnitude < 1e-12)
      expectClose(gradient, expected, relativeTo: .one, tolerance: 2e-7)
    }
  }

  private func weigh(_ loss: some Loss, by weights: [Float]) -> any Loss { ClassWeightedLoss(loss, weights: weights) }
}
