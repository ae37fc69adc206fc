import Glibc
import JacquardEngine
import TestSupport
import Testing

/// The divergence from soft targets and its gradient, against their definition in Double and central differences.
struct SoftTargetsTests {
  private static func softmax(_ row: some Collection<Double>, temperature: Double) -> [Double] {
    let largest = row.max() ?? 0
    let powers = row.map { exp(($0 - largest) / temperature) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// T² · Σ q · (log q − log p)
  private static func reference(
    _ logits: [Double], _ targets: [Float], classes: Int, temperature: Double
  ) -> Double {
    var sum = 0.0
    for first in stride(from: 0, to: logits.count, by: classes) {
      let probabilities = softmax(logits[first..<first + classes], temperature: temperature)
      for (index, probability) in probabilities.enumerated() where targets[first + index] > 0 {
        let target = Double(targets[first + index])
        sum += temperature * temperature * target * (log(target) - log(probability))
      }
    }
    return sum
  }

  @Test(
    arguments: [0.5, 1, 4, 20], [(1, 1, 1), (5, 10, 3), (3, 2, 8), (4, 17, 5)] as [(Int, Int, Float)])
  func divergenceAndGradientFollowTheDefinition(
    temperature: Double, sizes: (images: Int, classes: Int, range: Float)
  ) {
    var random = TestRandom(seed: 5)
    let count = sizes.images * sizes.classes
    let (logits, teacher) = (
      random.uniform(count, in: -sizes.range...sizes.range), random.uniform(count, in: -sizes.range...sizes.range)
    )
    let soft = SoftTargets(temperature: temperature)
    var targets = [Float](repeating: 0, count: count)
    var targetSpan = targets.mutableSpan
    // Half from one teacher, half from another.
    soft.add(teacher.span, classes: sizes.classes, share: 0.5, to: &targetSpan)
    soft.add(logits.reversed().span, classes: sizes.classes, share: 0.5, to: &targetSpan)
    for first in stride(from: 0, to: count, by: sizes.classes) {
      let row = first..<first + sizes.classes
      let one = Self.softmax(teacher[row].map(Double.init), temperature: temperature)
      let other = Self.softmax(Array(logits.reversed())[row].map(Double.init), temperature: temperature)
      for (index, place) in row.enumerated() {
        #expect(abs(Double(targets[place]) - (one[index] + other[index]) / 2) < 1e-6)
      }
    }
    func reference(_ logits: [Double]) -> Double {
      Self.reference(logits, targets, classes: sizes.classes, temperature: temperature)
    }
    let expected = reference(logits.map(Double.init))
    let differences = GradientCheck.differences(logits.map(Double.init), of: reference)
    let before = random.uniform(count)
    var gradient = before
    var span = gradient.mutableSpan
    let sum = soft.addGradient(
      logits: logits.span, targets: targets.span, classes: sizes.classes, scale: 0.25, to: &span)
    #expect(abs(sum - expected) < 1e-5 * max(1, temperature * temperature), "\(sum) \(expected)")
    expectClose(
      gradient, zip(before, differences).map { Double($0) + 0.25 * $1 }, relativeTo: .one,
      tolerance: 2e-6 * max(1, temperature))
  }

  /// The targets are the answer: no loss, no gradient.
  @Test func equalAnswersHaveNoDivergence() {
    let soft = SoftTargets(temperature: 3)
    let logits: [Float] = [1, -2, 0.5, 40, 0, -40]
    var targets = [Float](repeating: 0, count: 6)
    var targetSpan = targets.mutableSpan
    soft.add(logits.span, classes: 3, share: 1, to: &targetSpan)
    var gradient = [Float](repeating: 0, count: 6)
    var span = gradient.mutableSpan
    let sum = soft.addGradient(logits: logits.span, targets: targets.span, classes: 3, scale: 1, to: &span)
    #expect(abs(sum) < 1e-5 && gradient.allSatisfy { abs($0) < 1e-6 })
  }

  /// Far logits neither overflow nor give a NaN; an infinite or undefined one does, so that the step is found faulty.
  @Test func extremeLogitsAreFinite() {
    let soft = SoftTargets(temperature: 1)
    for (logits, isFinite) in [([3000, 0, -3000], true), ([.nan, 0, 0], false), ([.infinity, 0, 0], false)]
      as [([Float], Bool)]
    {
      var gradient: [Float] = [0, 0, 0]
      var span = gradient.mutableSpan
      let targets: [Float] = [0, 0.5, 0.5]
      let sum = soft.addGradient(logits: logits.span, targets: targets.span, classes: 3, scale: 1, to: &span)
      #expect(sum.isFinite == isFinite && gradient.allSatisfy(\.isFinite) == isFinite, "\(logits)")
    }
  }
}
