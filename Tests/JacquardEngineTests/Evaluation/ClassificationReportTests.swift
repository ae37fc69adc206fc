import Glibc
import JacquardEngine
import Testing

private func logarithm(_ x: Float) -> Float { log(x) }

struct ClassificationReportTests {
  /// Four images, four classes; the logits are logarithms of probabilities that can be checked by hand.
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
    // Confidences 0.7, 0.4, 0.6 and 0.35 fall into the bins 10, 6 (or 5), 9 (or 8) and 5; only 0.7 and 0.6 are right. Bins 5 and 6 contain only wrong
    // answers, so their gaps have the same sum whichever bin 0.4 falls into.
    let expected = (0.3 + 0.4 + 0.4 + 0.35) / 4
    #expect((report.expectedCalibrationError - expected).magnitude < 1e-6)
  }

  @Test func figuresPerClass() {
    let first = report.perClass[0]
    #expect(first.precision == 0.5 && first.recall == 1 && first.support == 1)
    #expect((first.f1 - 2.0 / 3).magnitude < 1e-12)
    // No answer is "d": no division by zero.
    #expect(report.perClass[3].precision == 0 && report.perClass[3].recall == 0 && report.perClass[3].f1 == 0)
  }

  /// A class that is neither a label nor an answer says nothing about the network; one that is only an answer does.
  @Test func macroAveragesLeaveOutClassesThatDoNotOccur() {
    let predictions = Predictions(
      logits: [[9, 0, 0, 0], [0, 9, 0, 0], [9, 0, 0, 0], [0, 0, 9, 0]].flatMap { $0 }, labels: [0, 1, 0, 0])
    let report = ClassificationReport(predictions, classNames: ["a", "b", "answered", "absent"])
    #expect((report.macro.precision - 2.0 / 3).magnitude < 1e-12)
    #expect((report.macro.recall - (2.0 / 3 + 1) / 3).magnitude < 1e-12)
    #expect((report.macro.f1 - (0.8 + 1) / 3).magnitude < 1e-12)
    #expect(report.perClass.count == 4)
  }

  /// Recalls 2/3 and 1; the other two classes have no images, though one of them is an answer.
  @Test func balancedAccuracyIsTheMeanRecallOfThePresentClasses() {
    let predictions = Predictions(
      logits: [[9, 0, 0, 0], [0, 9, 0, 0], [9, 0, 0, 0], [0, 0, 9, 0]].flatMap { $0 }, labels: [0, 1, 0, 0])
    let report = ClassificationReport(predictions, classNames: ["a", "b", "answered", "absent"])
    #expect((report.balancedAccuracy - (2.0 / 3 + 1) / 2).magnitude < 1e-12 && report.accuracy == 0.75)
    let empty = ClassificationReport(Predictions(logits: [], labels: []), classNames: ["a", "b"])
    #expect(empty.balancedAccuracy == 0)
  }

  @Test func macroAveragesCountEveryClassAlike() {
    // Precisions 1/2, 0, 1, 0; recalls 1, 0, 1, 0; F1 2/3, 0, 1, 0.
    #expect(report.macro.precision == 0.375)
    #expect(report.macro.recall == 0.5)
    #expect((report.macro.f1 - 5.0 / 12).magnitude < 1e-12)
  }

  @Test func confusedPairsAreSortedByCountThenByClass() {
    #expect(report.mostConfused(9).map { [$0.label, $0.answer, $0.count] } == [[1, 0, 1], [3, 1, 1]])
    #expect(report.mostConfused(1).map(\.label) == [1])
    let more = ClassificationReport(
      Predictions(
        logits: predictions.logits + predictions.logits.suffix(4), labels: predictions.labels + [3]),
      classNames: ["a", "b", "c", "d"])
    #expect(more.mostConfused(9).map { [$0.label, $0.answer, $0.count] } == [[3, 1, 2], [1, 0, 1]])
  }

  /// As many classes as labels can number: their matrix would take 34 GB.
  @Test func manyClassesNeedNoMatrix() {
    let classes = 65_536
    var logits = [Float](repeating: 0, count: 3 * classes)
    for (image, answer) in [7, 65_535, 7].enumerated() { logits[image * classes + answer] = 20 }
    let report = ClassificationReport(
      Predictions(logits: logits, labels: [7, 65_535, 65_534]), classNames: (0..<classes).map { "class \($0)" })
    #expect(report.correct == 2)
    #expect(report.mostConfused(9).map { [$0.label, $0.answer, $0.count] } == [[65_534, 7, 1]])
    #expect(report.perClass[7].precision == 0.5 && report.perClass[7].recall == 1 && report.perClass[7].support == 1)
    #expect(report.perClass[65_534].recall == 0 && report.perClass[65_535].f1 == 1)
  }

  @Test func calibrationBinsHoldTheAnswersByConfidence() {
    #expect(report.calibration.count == 15)
    #expect(report.calibration.reduce(0) { $0 + $1.count } == 4)
    let bin = report.calibration[10]
    #expect(bin.count == 1 && bin.accuracy == 1 && (bin.confidence - 0.7).magnitude < 1e-6)
    #expect(report.calibration[0].count == 0 && report.calibration[0].confidence == 0)
    let error = report.calibration.reduce(0.0) { $0 + Double($1.count) / 4 * ($1.accuracy - $1.confidence).magnitude }
    #expect((error - report.expectedCalibrationError).magnitude < 1e-12)
  }

  @Test func answersTellWhatWasSaidAboutEachImage() {
    let answers = predictions.answers(classes: 4)
    #expect(answers.map(\.place) == [0, 1, 2, 3])
    #expect(answers.map(\.label) == [0, 1, 2, 3])
    #expect(answers.map(\.answer) == [0, 0, 2, 1])
    #expect(answers.map(\.isRight) == [true, false, true, false])
    for (answer, (probability, own)) in zip(answers, [(0.7, 0.7), (0.4, 0.3), (0.6, 0.6), (0.35, 0.1)]) {
      #expect((answer.probability - probability).magnitude < 1e-6)
      #expect((answer.labelProbability - own).magnitude < 1e-6)
      #expect((answer.loss + log(own)).magnitude < 1e-6)
    }
    #expect((answers.reduce(0) { $0 + $1.loss } / 4 - report.loss).magnitude < 1e-12)
  }

  @Test(arguments: [
    // Computed from the formula by another program.
    (8, 10, 0.4901625, 0.9433178), (0, 10, 0, 0.2775328), (10, 10, 0.7224672, 1), (9070, 10000, 0.9011503, 0.9125371),
    (1, 2, 0.0945312, 0.9054688),
  ])
  func intervalsAreWilsons(hits: Int, count: Int, low: Double, high: Double) {
    let interval = ShareInterval(hits: hits, count: count)
    #expect((interval.low - low).magnitude < 1e-6, "\(interval.low)")
    #expect((interval.high - high).magnitude < 1e-6, "\(interval.high)")
  }

  @Test func withoutObservationsEveryShareIsPossible() {
    #expect(ShareInterval(hits: 0, count: 0).low == 0 && ShareInterval(hits: 0, count: 0).high == 1)
  }

  @Test func aBrokenNetworkIsNeverRight() {
    let broken = ClassificationReport(
      Predictions(logits: [.nan, .nan, .nan, .nan], labels: [0]), classNames: ["a", "b", "c", "d"])
    #expect(broken.accuracy == 0 && broken.top3 == 0 && broken.correct == 0 && broken.accuracyInterval.low == 0)
    let answers = Predictions(logits: [.nan, .nan, .nan, .nan], labels: [0]).answers(classes: 4)
    #expect(!answers[0].isRight)
  }
}
