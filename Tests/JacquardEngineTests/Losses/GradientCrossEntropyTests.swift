import JacquardEngine
import TestSupport
import Testing

struct GradientCrossEntropyTests {
  /// The smallest exponential of a Float overflows near 88, that of the reference near 700.
  @Test(
    arguments: [0, 0.1, 0.5] as [Float],
    [(1, 1, 1), (5, 10, 1), (3, 2, 30), (4, 17, 300)] as [(Int, Int, Float)])
  func lossAndGradientFollowTheDefinition(labelSmoothing: Float, sizes: (images: Int, classes: Int, range: Float)) {
    var random = TestRandom(seed: 5)
    let logits = random.uniform(sizes.images * sizes.classes, in: -sizes.range...sizes.range)
    let labels = (0..<sizes.images).map { Int32($0 * 7 % sizes.classes) }
    let reference = ReferenceCrossEntropy(classes: sizes.classes, labelSmoothing: Double(labelSmoothing))
    let expected = reference.loss(logits.map(Double.init), labels: labels)
    let differences = GradientCheck.differences(logits.map(Double.init)) { reference.loss($0, labels: labels) }

    let loss = SoftmaxCrossEntropy(labelSmoothing: labelSmoothing)
    let scale: Float = 0.25
    var gradient = [Float](repeating: .nan, count: logits.count)
    var span = gradient.mutableSpan
    let sum = loss.sumAndGradient(
      logits: logits.span, labels: labels.span, classes: sizes.classes, scale: scale, gradient: &span)
    // A difference of logits is rounded before its exponential is taken: an error of one ulp of the range.
    let ulps = Double(4 + sizes.classes) + 2 * Double(sizes.range)
    #expect((sum - expected).magnitude <= ulps * Double(Float.ulpOfOne) * max(1, expected))
    expectClose(
      gradient, differences.map { $0 * Double(scale) }, relativeTo: .one,
      tolerance: Double(scale) * ulps * Double(Float.ulpOfOne))
    #expect(loss.total(logits: logits.span, labels: labels.span, classes: sizes.classes).loss == sum)
  }

  @Test func theGradientSumsToZeroOverTheClasses() {
    let logits: [Float] = [1, 2, 3, -40, 0, 40]
    var gradient = [Float](repeating: .nan, count: 6)
    var span = gradient.mutableSpan
    _ = SoftmaxCrossEntropy(labelSmoothing: 0.2).sumAndGradient(
      logits: logits.span, labels: ([2, 0] as [Int32]).span, classes: 3, scale: 1, gradient: &span)
    for image in 0..<2 {
      #expect(gradient[image * 3..<image * 3 + 3].reduce(0, +).magnitude < 4 * Float.ulpOfOne)
    }
  }

  @Test func rightAnswersAreCountedWithTiesAndNaN() {
    let rows: [(logits: [Float], label: Int32, isCorrect: Bool)] = [
      ([3, 1, 2], 0, true), ([1, 3, 2], 0, false), ([2, 2, 1], 0, true), ([2, 2, 1], 1, false),
      ([0, 0, 0], 0, true), ([.nan, 1, 2], 0, false), ([1, .nan, 2], 1, false), ([.nan, .nan, .nan], 0, false),
    ]
    for row in rows {
      let total = SoftmaxCrossEntropy().total(logits: row.logits.span, labels: [row.label].span, classes: 3)
      #expect(total.correct == (row.isCorrect ? 1 : 0), "\(row)")
    }
  }
}
