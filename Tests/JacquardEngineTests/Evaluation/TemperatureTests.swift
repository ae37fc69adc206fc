import Foundation
import JacquardEngine
import Testing

struct TemperatureTests {
  /// Images of two classes with the same logits, of which some are right.
  private static func predictions(_ logits: [Float], right: Int, of count: Int) -> Predictions {
    Predictions(
      logits: (0..<count).flatMap { _ in logits }, labels: (0..<count).map { $0 < right ? 0 : 1 })
  }

  /// With equal logits z and 0, the best probability is the share of right answers p, so that z / T = ln(p / (1 − p)).
  @Test(arguments: [(2, 3, 4), (0.5, 3, 4), (7, 9, 10), (0.25, 51, 100), (20, 999, 1000)] as [(Float, Int, Int)])
  func theTemperatureOfEqualLogitsIsAsByHand(logit: Float, right: Int, count: Int) throws {
    let share = Double(right) / Double(count)
    let expected = Double(logit) / log(share / (1 - share))
    let found = Self.predictions([logit, 0], right: right, of: count).fittedTemperature(classes: 2)
    #expect(abs(try #require(found) - expected) <= 1e-6 * max(1, expected), "\(expected)")
    // Only differences of logits matter.
    let moved = Self.predictions([logit + 100, 100], right: right, of: count).fittedTemperature(classes: 2)
    #expect(abs(try #require(moved) - expected) <= 1e-4 * expected)
  }

  @Test func itHasTheLowestLoss() throws {
    let samples = TestSamples.learnable(count: 200, shape: TestModels.tiny.inputShape, classes: 3)
    let network = try Network(TestModels.tiny, seed: 4)
    let found = try #require(Predictor(network, team: WorkerTeam(threads: 1)).logits(of: samples))
    // A random network is as often right as a guess, so that some labels are its answers.
    let labels = found.labels.indices.map { image in
      let row = found.logits[image * 3..<image * 3 + 3]
      return image % 3 == 0 ? found.labels[image] : Int32((row.indices.max { row[$0] < row[$1] } ?? 0) - row.startIndex)
    }
    let predictions = Predictions(logits: found.logits.map { 30 * $0 }, labels: labels)
    let temperature = try #require(predictions.fittedTemperature(classes: 3))
    func loss(_ temperature: Double) -> Double {
      ClassificationReport(predictions.divided(by: temperature), classNames: ["a", "b", "c"]).loss
    }
    #expect(loss(temperature) < loss(1))
    #expect(loss(temperature) < loss(temperature * 1.01) && loss(temperature) < loss(temperature / 1.01))
  }

  @Test func thereIsNoneForPerfectOrUselessAnswers() {
    #expect(Self.predictions([2, 0], right: 4, of: 4).fittedTemperature(classes: 2) == nil)
    #expect(Self.predictions([2, 0], right: 1, of: 4).fittedTemperature(classes: 2) == nil)
    #expect(Self.predictions([2, 0], right: 2, of: 4).fittedTemperature(classes: 2) == nil)
    #expect(Self.predictions([0, 0], right: 3, of: 4).fittedTemperature(classes: 2) == nil)
    #expect(Predictions(logits: [], labels: []).fittedTemperature(classes: 2) == nil)
  }

  @Test func aPredictorDividesItsLogits() throws {
    let samples = TestSamples.learnable(count: 37, shape: TestModels.tiny.inputShape, classes: 3)
    let network = try Network(TestModels.tiny, seed: 1)
    let predictor = Predictor(network, team: WorkerTeam(threads: 1))
    let computed = try #require(predictor.logits(of: samples, views: TestTimeViews(flips: true)))
    network.temperature = 1.7
    for (threads, chunk) in [(1, 32), (2, 3), (3, 1)] {
      let predictor = Predictor(network, team: WorkerTeam(threads: threads), chunk: chunk)
      let found = try #require(predictor.logits(of: samples, views: TestTimeViews(flips: true)))
      #expect(found.plain.logits == computed.plain.logits.map { $0 / 1.7 })
      #expect(found.mean.logits == computed.mean.logits.map { $0 / 1.7 })
      #expect(predictor.logits(of: samples)?.logits == found.plain.logits)
    }
    #expect(
      try network.evaluate(samples, threads: 1).correct
        == ClassificationReport(
          computed.plain, classNames: network.model.classNames
        ).correct)
  }

  /// It belongs to the weights that it was fitted for.
  @Test func aTrainerSetsItBack() throws {
    let network = try Network(TestModels.tiny, seed: 1)
    network.temperature = 2
    let samples = TestSamples.learnable(count: 20, shape: TestModels.tiny.inputShape, classes: 3)
    _ = Trainer(network, on: samples, optimizer: AdamW(weightDecay: 0), schedule: .cosine(peak: 1e-3), epochs: 1)
    #expect(network.temperature == 1)
  }
}
