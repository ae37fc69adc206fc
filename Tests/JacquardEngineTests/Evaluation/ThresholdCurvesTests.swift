import JacquardEngine
import Testing

/// Curves over all thresholds of a class's probability.
struct ThresholdCurvesTests {
  /// Class 1 of two classes, with these probabilities.
  private func curves(_ scores: [Float], _ labels: [Int32]) -> ThresholdCurves {
    ThresholdCurves(scores.flatMap { [1 - $0, $0] }, labels: labels, classes: 2, class: 1)
  }

  @Test func everyProbabilityIsAStep() {
    let found = curves([0.9, 0.7, 0.7, 0.4, 0.1], [1, 1, 0, 0, 1])
    #expect(found.positives == 3 && found.negatives == 2)
    #expect(found.steps.map(\.found) == [1, 2, 2, 3] && found.steps.map(\.mistaken) == [0, 1, 2, 2])
    let shares: [Double] = [0, 1, 2, 2, 3]
    #expect(found.rates.map(\.found) == shares.map { $0 / 3 })
    // Of six pairs: 0.9 beats two, 0.7 ties with one and beats one, 0.1 beats none.
    let (area, precision) = (3.5 / 6.0, (1.0 + 2.0 / 3.0 + 0.6) / 3.0)
    #expect(abs((found.area ?? 0) - area) < 1e-12)
    // (1/3) · 1 + (1/3) · 2/3 + 0 · 2/4 + (1/3) · 3/5
    #expect(abs((found.averagePrecision ?? 0) - precision) < 1e-12)
  }

  @Test func aClassWithoutImagesHasNoCurve() {
    let none = curves([0.9, 0.2], [0, 0])
    #expect(none.area == nil && none.averagePrecision == nil && none.rates.isEmpty && none.precisions.isEmpty)
    let all = curves([0.9, 0.2], [1, 1])
    #expect(all.area == nil && all.averagePrecision == 1)
    #expect(curves([0.9, 0.2], [1, 0]).area == 1)
  }
}
