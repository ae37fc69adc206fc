import Glibc
import JacquardEngine
import TestSupport
import Testing

struct FocalLossTests {
  /// The sum of −(1 − p)^γ · log p over the rows, where 1 − p is summed without the true class.
  private static func reference(_ logits: [Double], _ labels: [Int32], classes: Int, gamma: Double) -> Double {
    var sum = 0.0
    for (image, label) in labels.enumerated() {
      let row = Array(logits[image * classes..<(image + 1) * classes])
      let largest = row.max() ?? 0
      let exponentials = row.map { exp($0 - largest) }
      let total = exponentials.reduce(0, +)
      let others = exponentials.enumerated().reduce(0) { $0 + ($1.offset == Int(label) ? 0 : $1.element) }
      sum -= pow(others / total, gamma) * (row[Int(label)] - largest - log(total))
    }
    return sum
  }

  private static func computed(
    _ loss: some Loss, _ logits: [Float], _ labels: [Int32], classes: Int, scale: Float = 1
  ) -> (sum: Double, gradient: [Float]) {
    var gradient = [Float](repeating: .nan, count: logits.count)
    var span = gradient.mutableSpan
    let sum = loss.sumAndGradient(
      logits: logits.span, labels: labels.span, classes: classes, scale: scale, gradient: &span)
    return (sum, gradient)
  }

  @Test(
    arguments: [0, 0.5, 1, 2, 5, 10],
    [(1, 1, 1), (5, 10, 1), (3, 2, 8), (4, 17, 20)] as [(Int, Int, Float)])
  func lossAndGradientFollowTheDefinition(gamma: Double, sizes: (images: Int, classes: Int, range: Float)) {
    var random = TestRandom(seed: 5)
    let logits = random.uniform(sizes.images * sizes.classes, in: -sizes.range...sizes.range)
    let labels = (0..<sizes.images).map { Int32($0 * 7 % sizes.classes) }
    func reference(_ logits: [Double]) -> Double {
      Self.reference(logits, labels, classes: sizes.classes, gamma: gamma)
    }
    let expected = reference(logits.map(Double.init))
    let differences = GradientCheck.differences(logits.map(Double.init), of: reference)
    let result = Self.computed(FocalLoss(gamma: gamma), logits, labels, classes: sizes.classes, scale: 0.25)
    let ulps = (Double(4 + sizes.classes) + 2 * Double(sizes.range)) * (1 + gamma)
    #expect((result.sum - expected).magnitude <= ulps * Double(Float.ulpOfOne) * max(1, expected))
    expectClose(
      result.gradient, differences.map { $0 * 0.25 }, relativeTo: .one, tolerance: ulps * Double(Float.ulpOfOne))
  }

  @Test func anExponentOfZeroGivesCrossEntropy() {
    var random = TestRandom(seed: 6)
    let logits = random.uniform(40, in: -5...5)
    let labels: [Int32] = [0, 3, 9, 9]
    let focal = Self.computed(FocalLoss(gamma: 0), logits, labels, classes: 10)
    let plain = Self.computed(SoftmaxCrossEntropy(), logits, labels, classes: 10)
    #expect((focal.sum - plain.sum).magnitude < 1e-12 * plain.sum)
    expectClose(focal.gradient, plain.gradient.map(Double.init), relativeTo: .one, tolerance: 4e-7)
  }

  /// Certain answers have no loss, and wrong ones that of cross-entropy, without an overflow.
  @Test func extremeLogitsAreFinite() {
    let right = Self.computed(FocalLoss(), [3000, 0, -3000], [0], classes: 3)
    #expect(right.sum == 0 && right.gradient == [0, 0, 0])
    let wrong = Self.computed(FocalLoss(), [3000, 0, -3000], [2], classes: 3)
    #expect(wrong.sum == 6000 && wrong.gradient == [1, 0, -1])
    // 1 − p is 10⁻¹², 10⁻²⁰: the loss is its power 1.5, and the gradient 1.5 times its power 1.5.
    for (logit, rest) in [(27.631021, 1e-12), (46.051702, 1e-20)] as [(Float, Double)] {
      let close = Self.computed(FocalLoss(gamma: 0.5), [logit, 0], [0], classes: 2)
      let expected = rest * rest.squareRoot()
      #expect((close.sum / expected - 1).magnitude < 1e-5)
      #expect((Double(close.gradient[1]) / (1.5 * expected) - 1).magnitude < 1e-5)
    }
  }

  @Test func aNaNIsPropagated() {
    for logits in [[.nan, 1, 2], [1, .nan, 2], [.infinity, 1, 2]] as [[Float]] {
      let result = Self.computed(FocalLoss(), logits, [1], classes: 3)
      #expect(result.sum.isNaN && result.gradient.allSatisfy(\.isNaN), "\(logits)")
    }
  }
}
