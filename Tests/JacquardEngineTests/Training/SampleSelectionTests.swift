import Foundation
import JacquardEngine
import Samples
import TestSupport
import Testing

/// Epochs that train on the samples with the largest errors.
struct SampleSelectionTests {
  private static let count = 10
  private static let model = Model(
    name: "flat", inputShape: .image(height: 4, width: 4, channels: 1), classNames: ["a", "b", "c"]
  ) {
    Flatten()
    Dense(3)
  }
  private static let samples = TestSamples.learnable(count: count, shape: model.inputShape, classes: 3)

  /// The order of an epoch before samples are chosen.
  private static func order(_ epoch: Int) -> [Int32] {
    (0..<Int32(count)).map { ($0 * 3 + Int32(epoch)) % Int32(count) }
  }

  private func trainer(hardest: Double, batchSize: Int = Self.count) throws -> (trainer: Trainer, log: DrawLog) {
    let log = DrawLog()
    let ordered = TestSamples(
      shape: Self.model.inputShape, images: Self.samples.images, labels: Self.samples.labels, order: Self.order)
    var configuration = TrainingConfiguration()
    configuration.epochs = 3
    configuration.batchSize = batchSize
    configuration.shards = 1
    configuration.learningRate = 0.05
    configuration.hardest = hardest
    let trainer = Trainer(
      network: try Network(Self.model, seed: 3), configuration: configuration,
      provider: LoggedSamples(samples: ordered, log: log), team: WorkerTeam(threads: 1))
    return (trainer, log)
  }

  @Test func theFirstEpochHasAllAndTheOthersTheHardest() throws {
    let (trainer, log) = try trainer(hardest: 0.4, batchSize: 2)
    #expect(trainer.totalSteps == 5 + 2 + 2)
    while let step = try trainer.nextStep() {
      guard let epoch = step.finishedEpoch else { continue }
      var expected = Self.order(epoch.number)
      if epoch.number > 1 {
        let errors = try #require(trainer.snapshot().errors).atEpochStart
        let hardest = Set(errors.indices.sorted { errors[$0] > errors[$1] }.prefix(4).map(Int32.init))
        expected = expected.filter(hardest.contains)
      }
      #expect(log.draws(epoch: epoch.number).flatMap(\.self) == expected, "epoch \(epoch.number)")
      #expect(epoch.images == expected.count && epoch.isComplete)
    }
  }

  @Test func anErrorIsTheLengthOfTheLogitsGradient() throws {
    let (trainer, _) = try trainer(hardest: 0.5)
    let predictor = Predictor(trainer.network, team: WorkerTeam(threads: 1))
    let logits = try #require(predictor.logits(of: Self.samples)).logits
    _ = try trainer.nextStep()
    let errors = try #require(trainer.snapshot().errors).latest
    for (sample, error) in errors.enumerated() {
      let powers = logits[3 * sample..<3 * sample + 3].map { exp(Double($0)) }
      let sum = powers.reduce(0, +)
      let gradient = powers.enumerated().map { $1 / sum - ($0 == Int(Self.samples.labels[sample]) ? 1 : 0) }
      let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(Double(error) - length) < 1e-5, "sample \(sample)")
    }
  }

  @Test func equalErrorsAreTakenInTheOrderOfTheEpoch() throws {
    let (trainer, log) = try trainer(hardest: 0.3, batchSize: 3)
    // No step has used any sample, as if all of the first epoch's had been left out.
    var progress = TrainingProgress()
    (progress.step, progress.epoch) = (4, 2)
    var snapshot = trainer.snapshot()
    snapshot.progress = progress
    trainer.restore(snapshot)
    _ = try trainer.nextStep()
    #expect(log.draws(epoch: 2).flatMap(\.self) == Array(Self.order(2).prefix(3)))
  }

  @Test func withoutTheSettingNothingIsKept() throws {
    let (trainer, _) = try trainer(hardest: 1)
    #expect(trainer.snapshot().errors == nil && trainer.totalSteps == 3)
  }

  @Test func anEpochHasAtLeastABatch() throws {
    let lengths = try trainer(hardest: 0.01, batchSize: 4).trainer.epochLengths
    #expect(lengths.samples(inEpoch: 2) == 4 && lengths.steps(inEpochs: 3) == 3 + 1 + 1)
    #expect(lengths.epochs(inSteps: 2) == 0 && lengths.epochs(inSteps: 3) == 1 && lengths.epochs(inSteps: 5) == 3)
    #expect(lengths.steps(inEpochs: .max) == .max)
  }
}
