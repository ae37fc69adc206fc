import JacquardEngine
import TestSupport
import Testing

/// A run that is resumed from a snapshot ends with the bits of one that was never interrupted.
struct TrainerResumeTests {
  /// Three epochs of 23 images in batches of 7: the last one has two. Step 10 is the end, within the third epoch.
  private static let steps = 10

  @Test(arguments: TrainingConfiguration.OptimizerKind.allCases)
  func everyStepIsAPlaceToStop(kind: TrainingConfiguration.OptimizerKind) throws {
    try stopEverywhere(kind, steps: Self.steps)
  }

  /// Twelve samples and two steps in every epoch but the first, which has four.
  @Test func aChoiceOfSamplesGoesOn() throws {
    try stopEverywhere(.sgd, hardest: 0.5, steps: 8)
  }

  private func stopEverywhere(
    _ kind: TrainingConfiguration.OptimizerKind, hardest: Double = 1, steps: Int
  ) throws {
    let whole = try Run(kind, hardest: hardest, threads: 2)
    whole.train()
    #expect(whole.losses.count == steps)
    for stop in 0...steps {
      let first = try Run(kind, hardest: hardest, threads: 1)
      if stop > 0 { first.train(untilStep: stop) }
      let second = try Run(kind, hardest: hardest, threads: 3)
      // Through the values in the order of files, as when a snapshot is read from a file.
      second.trainer.restore(first.trainer.snapshot().copy(for: second.trainer))
      #expect(second.trainer.step == stop)
      second.train()
      #expect(first.losses + second.losses == whole.losses, "stopped after step \(stop)")
      #expect(second.trainer.network.bits == whole.trainer.network.bits, "stopped after step \(stop)")
      let epochs = first.epochs.filter { $0.isComplete } + second.epochs
      #expect(epochs.map(\.facts) == whole.epochs.map(\.facts), "stopped after step \(stop)")
    }
  }

  /// The comparison above would also hold if only the network were restored and nothing else mattered.
  @Test func momentsAndProgressMatter() throws {
    let whole = try Run(.adam, threads: 1)
    whole.train()
    let first = try Run(.adam, threads: 1)
    first.train(untilStep: 5)
    let snapshot = first.trainer.snapshot()

    let withoutMoments = try Run(.adam, threads: 1)
    withoutMoments.trainer.network.restore(snapshot.network)
    var progressOnly = withoutMoments.trainer.snapshot()
    progressOnly.progress = snapshot.progress
    withoutMoments.trainer.restore(progressOnly)
    withoutMoments.train()
    #expect(withoutMoments.trainer.network.bits != whole.trainer.network.bits)

    let withoutProgress = try Run(.adam, threads: 1)
    var fresh = snapshot
    fresh.progress = TrainingProgress()
    withoutProgress.trainer.restore(fresh)
    withoutProgress.train()
    #expect(withoutProgress.trainer.network.bits != whole.trainer.network.bits)
  }

  @Test func restartGoesBackWithinARun() throws {
    let run = try Run(.sgd, threads: 2)
    let start = run.trainer.snapshot()
    var losses: [Double] = []
    run.trainer.run { event in
      guard case .step(let report) = event else { return .proceed }
      losses.append(report.loss)
      return losses.count == 6 ? .restart(start) : .proceed
    }
    #expect(losses.count == 6 + Self.steps)
    #expect(Array(losses[..<6]) == Array(losses[6..<12]))
    let plain = try Run(.sgd, threads: 1)
    plain.train()
    #expect(run.trainer.network.bits == plain.trainer.network.bits)
  }

  @Test func theRateCanBeScaled() throws {
    let plain = try Run(.sgd, threads: 1)
    plain.train()
    let scaled = try Run(.sgd, threads: 1)
    var start = scaled.trainer.snapshot()
    start.progress.learningRateScale = 0.5
    scaled.trainer.restore(start)
    scaled.train()
    #expect(scaled.rates == plain.rates.map { $0 / 2 })
    // Through the end of an epoch too.
    #expect(scaled.trainer.progress.learningRateScale == 0.5)
  }
}

/// A run of the tiny model, and its reports.
private final class Run {
  let trainer: Trainer
  var losses: [Double] = []
  var rates: [Double] = []
  var epochs: [EpochReport] = []

  init(_ kind: TrainingConfiguration.OptimizerKind, hardest: Double = 1, threads: Int) throws {
    var configuration = TrainingConfiguration()
    configuration.epochs = 3
    configuration.maxSteps = 10
    configuration.batchSize = 7
    configuration.shards = 3
    configuration.optimizer = kind
    configuration.learningRate = 0.01
    configuration.momentum = kind == .sgd ? 0.9 : 0
    configuration.schedule = .cosine
    configuration.hardest = hardest
    let network = try Network(TestModels.tiny, seed: 7)
    let shape = TestModels.tiny.inputShape
    let learnable = TestSamples.learnable(count: 23, shape: shape, classes: 3)
    var random = TestRandom(seed: 9)
    let orders = (0..<4).map { _ in (0..<Int32(23)).shuffled(using: &random) }
    let samples = TestSamples(
      shape: shape, images: learnable.images, labels: learnable.labels, order: { orders[$0] })
    trainer = Trainer(
      network: network, configuration: configuration, provider: samples, team: WorkerTeam(threads: threads))
  }

  func train(untilStep last: Int? = nil) {
    trainer.run { event in
      switch event {
      case .step(let report):
        losses.append(report.loss)
        rates.append(report.learningRate)
        return report.step == last ? .stop : .proceed
      case .epoch(let report):
        epochs.append(report)
        return .proceed
      case .fault: return .stop
      }
    }
  }
}

extension TrainerSnapshot {
  /// The same snapshot for another trainer, built from the values of all tensors.
  fileprivate func copy(for trainer: Trainer) -> TrainerSnapshot {
    TrainerSnapshot(
      progress: progress, of: trainer.network,
      numbers: NetworkSnapshot(of: trainer.network) { network.values(of: $0) }, momentNames: trainer.momentNames,
      errors: errors.map { SampleErrors(latest: $0.latest, atEpochStart: $0.atEpochStart) }
    ) { moment($0, of: $1) }
  }
}

extension EpochReport {
  /// Everything but the time.
  fileprivate var facts: [String] {
    [
      "\(number)", "\(step)", "\(images)", loss.description, accuracy.description, learningRate.description,
      "\(isComplete)",
    ]
  }
}
