import Glibc
import JacquardEngine
import TestSupport
import Testing

/// The suggested rates, for curves whose answer is known.
struct RateRangeTestTests {
  /// A test over rates from 1e-6 to 10, until it asks to stop.
  private func test(steps: Int = 200, _ loss: (_ exponent: Double, _ step: Int) -> Double) -> RateRangeTest {
    var test = RateRangeTest()
    for step in 0..<steps {
      let exponent = -6 + 7 * Double(step) / Double(steps - 1)
      guard test.add(rate: pow(10, exponent), loss: loss(exponent, step)) else { break }
    }
    return test
  }

  /// Falls from 2.3 to 0.3 around 1e-3, and explodes above 1. The loss falls by the largest share of itself where the logistic function is 0.73, a
  /// quarter of a decade after the middle.
  private func curve(_ exponent: Double) -> Double {
    2.3 - 2 / (1 + exp(-4 * (exponent + 3))) + (exponent > 0 ? exp(12 * exponent) - 1 : 0)
  }

  @Test func theSteepestFallIsSuggested() throws {
    let test = test { exponent, _ in curve(exponent) }
    let finding = try #require(test.finding)
    #expect(abs(log10(try #require(finding.suggestion)) + 2.75) < 0.1)
    // The lowest point is after the fall and before the rise.
    #expect(-1.6...0.1 ~= log10(finding.lowest))
    #expect(test.isDiverged && test.points.count < 200)
    #expect(finding.smoothed.count == test.points.count)
  }

  @Test func noiseDoesNotMoveTheSuggestionFar() throws {
    // A fixed pattern of the size of the noise in batches of 128.
    let noise = (0..<200).map { 0.15 * sin(Double($0) * 12.9898) * cos(Double($0) * 4.1414) }
    let finding = try #require(test { exponent, step in curve(exponent) + noise[step] }.finding)
    #expect(abs(log10(try #require(finding.suggestion)) + 2.75) < 0.4)
  }

  @Test func aLossThatDoesNotFallSuggestsNothing() throws {
    let flat = test { _, _ in 2.3 }
    #expect(flat.points.count == 200 && !flat.isDiverged)
    #expect(try #require(flat.finding).suggestion == nil)
    #expect(try #require(test { exponent, _ in 2.3 + exp(exponent) }.finding).suggestion == nil)
  }

  /// A line is reproduced exactly: smoothing does not change the slope, even at the ends.
  @Test func straightLinesStayAsTheyAre() throws {
    let finding = try #require(test { exponent, _ in 1 - exponent }.finding)
    for (step, smoothed) in finding.smoothed.enumerated() {
      #expect(abs(smoothed - (7 - 7 * Double(step) / 199)) < 1e-9)
    }
    #expect(finding.lowest == 10)
  }

  @Test func tooFewStepsSayNothing() {
    #expect(test(steps: 2) { _, _ in 1 }.finding == nil)
    #expect(RateRangeTest().finding == nil)
  }

  @Test func theTrainerRampsFromOneRateToTheOther() throws {
    let samples = TestSamples.learnable(count: 40, shape: .image(height: 6, width: 6, channels: 1), classes: 2)
    let model = Model(name: "ramp", inputShape: samples.shape, classNames: ["a", "b"]) {
      Flatten()
      Dense(2)
    }
    var configuration = TrainingConfiguration()
    configuration.batchSize = 10
    configuration.epochs = 3
    configuration.maxSteps = 9
    configuration.rampStart = 1e-4
    configuration.learningRate = 1
    var rates: [Double] = []
    let trainer = Trainer(
      network: try Network(awaitingWeights: model), configuration: configuration, provider: samples,
      team: WorkerTeam(threads: 1))
    trainer.run { event in
      if case .step(let step) = event { rates.append(step.learningRate) }
      return .proceed
    }
    #expect(rates.count == 9)
    for (step, rate) in rates.enumerated() { #expect(abs(log10(rate) - (-4 + 4 * Double(step) / 8)) < 1e-9) }
  }
}
