import Glibc
import Jacquard
import Testing

private func logarithm(_ x: Float) -> Float { log(x) }

@Suite struct ClassificationReportTests {
  /// Four images, four classes; the logits are logarithms of probabilities that a hand can check.
  private let predictions = Predictions(
    logits: [[0.7, 0.1, 0.1, 0.1], [0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.6, 0.1], [0.25, 0.35, 0.3, 0.1]]
      .flatMap { $0.map { logarithm($0) } },
    labels: [0, 1, 2, 3])

  private var report: ClassificationReport { ClassificationReport(predictions, classNames: ["a", "b", "c", "d"]) }

  @Test func countsAnswers() {
    #expect(report.count == 4)
    #expect(report.accuracy == 0.5)
    #expect(report.top3 == 0.75)
    #expect(report.confusion == [[1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0]])
  }

  @Test func lossIsTheMeanNegativeLogLikelihood() {
    let expected = -[Float(0.7), 0.3, 0.6, 0.1].reduce(0.0) { $0 + Double(logarithm($1)) } / 4
    #expect((report.loss - expected).magnitude < 1e-6)
  }

  @Test func calibrationErrorSumsTheGapsOfItsBins() {
    // Confidences 0.7, 0.4, 0.6 and 0.35 fall into the bins 10, 6 (or 5), 9 (or 8) and 5; only 0.7 and 0.6 are right. Bins 5
    // and 6 hold wrong answers only, so their gaps add up wherever 0.4 falls.
    let expected = (0.3 + 0.4 + 0.4 + 0.35) / 4
    #expect((report.expectedCalibrationError - expected).magnitude < 1e-6)
  }

  @Test func figuresPerClass() {
    let first = report.perClass[0]
    #expect(first.precision == 0.5 && first.recall == 1 && first.support == 1)
    #expect((first.f1 - 2.0 / 3).magnitude < 1e-12)
    // Nobody answered "d": no division by zero.
    #expect(report.perClass[3].precision == 0 && report.perClass[3].recall == 0 && report.perClass[3].f1 == 0)
  }

  @Test func aBrokenNetworkIsNeverRight() {
    let broken = ClassificationReport(
      Predictions(logits: [.nan, .nan, .nan, .nan], labels: [0]), classNames: ["a", "b", "c", "d"])
    #expect(broken.accuracy == 0 && broken.top3 == 0)
  }
}
