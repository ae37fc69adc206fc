import JacquardEngine
import Synchronization
import TestSupport
import Testing

/// What a trainer requests, in which order, when it stops and what it reports.
struct TrainerTests {
  @Test func everyEpochDrawsItsOrderAndTheLastPartialBatch() throws {
    let log = DrawLog()
    let orders: [[Int32]] = [[4, 2, 0, 6, 1, 5, 3], [0, 1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1, 0]]
    let trainer = try makeTrainer(count: 7, log: log, order: { orders[$0 - 1] }) {
      $0.epochs = 3
      $0.batchSize = 3
      $0.shards = 2
    }
    var steps: [(epoch: Int, images: Int)] = []
    var epochs: [EpochReport] = []
    trainer.run { event in
      switch event {
      case .step(let report): steps.append((report.epoch, report.images))
      case .epoch(let report): epochs.append(report)
      case .fault(let fault): Issue.record("step \(fault.step) is sound")
      }
      return .proceed
    }
    #expect(steps.map(\.images) == [3, 3, 1, 3, 3, 1, 3, 3, 1])
    #expect(steps.map(\.epoch) == [1, 1, 1, 2, 2, 2, 3, 3, 3])
    #expect(trainer.step == 9)
    #expect(epochs.map(\.images) == [7, 7, 7])
    #expect(epochs.map(\.isComplete) == [true, true, true])
    for epoch in 1...3 {
      // Two shards of a batch of three hold two images and one; one image is the first shard's.
      let order = orders[epoch - 1]
      let parts = [order[0..<2], order[2..<3], order[3..<5], order[5..<6], order[6..<7]].map(Array.init)
      #expect(log.draws(epoch: epoch) == parts)
    }
  }

  @Test func maxStepsEndsTheRunWithinAnEpoch() throws {
    let trainer = try makeTrainer(count: 10) {
      $0.epochs = 5
      $0.batchSize = 4
      $0.maxSteps = 5
    }
    var steps = 0
    var epochs: [EpochReport] = []
    trainer.run { event in
      switch event {
      case .step(let report):
        steps += 1
        #expect(report.step == steps)
      case .epoch(let report): epochs.append(report)
      case .fault(let fault): Issue.record("step \(fault.step) is sound")
      }
      return .proceed
    }
    #expect(steps == 5 && trainer.step == 5)
    #expect(epochs.map(\.images) == [10, 8])
    #expect(epochs.map(\.step) == [3, 5])
    #expect(epochs.map(\.isComplete) == [true, false])
  }

  @Test func maxStepsAtTheEndOfAnEpochEndsWithIt() throws {
    let trainer = try makeTrainer(count: 10) {
      $0.epochs = 5
      $0.batchSize = 5
      $0.maxSteps = 4
    }
    var epochs: [EpochReport] = []
    trainer.run { event in
      if case .epoch(let report) = event { epochs.append(report) }
      return .proceed
    }
    #expect(epochs.map(\.step) == [2, 4])
    #expect(epochs.map(\.isComplete) == [true, true])
  }

  @Test func noStepsAreNoEvents() throws {
    for change in [{ $0.epochs = 0 }, { $0.maxSteps = 0 }] as [(inout TrainingConfiguration) -> Void] {
      let trainer = try makeTrainer(count: 4, change: change)
      trainer.run { _ in
        Issue.record("nothing happened, so nothing may be reported")
        return .stop
      }
      #expect(trainer.step == 0)
    }
  }

  @Test func stopAnsweredToAStepEndsTheRunAfterTheEpochsReport() throws {
    let trainer = try makeTrainer(count: 12) {
      $0.batchSize = 4
      $0.epochs = 4
    }
    var events: [String] = []
    trainer.run { event in
      switch event {
      case .step(let report):
        events.append("step \(report.step)")
        return report.step == 5 ? .stop : .proceed
      case .epoch(let report):
        events.append("epoch \(report.number), \(report.images) images, complete: \(report.isComplete)")
        return .proceed
      case .fault(let fault):
        events.append("fault in \(fault.step)")
        return .stop
      }
    }
    #expect(
      events == [
        "step 1", "step 2", "step 3", "epoch 1, 12 images, complete: true", "step 4", "step 5",
        "epoch 2, 8 images, complete: false",
      ])
  }

  @Test func stopAnsweredToAnEpochEndsTheRun() throws {
    let trainer = try makeTrainer(count: 12) {
      $0.batchSize = 4
      $0.epochs = 4
    }
    trainer.run { event in
      if case .epoch(let report) = event, report.number == 2 { return .stop }
      return .proceed
    }
    #expect(trainer.step == 6)
  }

  /// With a rate close to zero the weights stay, so every number of a report can be computed from the logits.
  @Test func reportsAddUp() throws {
    let samples = TestSamples.learnable(count: 10, shape: .vector(3), classes: 2)
    let trainer = try makeTrainer(samples: samples) {
      $0.batchSize = 4
      $0.epochs = 1
      $0.optimizer = .sgd
      $0.learningRate = 1e-30
      $0.clipNorm = 1e9
    }
    let network = trainer.network
    let logits = Predictor(network, team: WorkerTeam(threads: 1)).logits(of: samples)?.logits.map { Double($0) } ?? []
    let (losses, correct) = evaluate(logits, samples.labels)
    var reports: [StepReport] = []
    trainer.run { event in
      switch event {
      case .step(let report): reports.append(report)
      case .epoch(let report):
        #expect(abs(report.loss - losses.reduce(0, +) / 10) < 1e-6)
        #expect(report.accuracy == Double(correct.count { $0 }) / 10)
        #expect(report.learningRate == 1e-30)
        #expect(report.seconds > 0)
      case .fault(let fault): Issue.record("step \(fault.step) is sound")
      }
      return .proceed
    }
    for (report, batch) in zip(reports, [0..<4, 4..<8, 8..<10]) {
      #expect(abs(report.loss - losses[batch].reduce(0, +) / Double(batch.count)) < 1e-6)
      #expect(report.correct == correct[batch].count { $0 })
      #expect(report.learningRate == 1e-30)
    }
    let squares = network.tensors.flatMap { trainer.gradient(of: $0) }.reduce(0) { $0 + Double($1) * Double($1) }
    let norm = try #require(reports.last?.gradientNorm)
    #expect(abs(norm / squares.squareRoot() - 1) < 1e-6)
  }

  @Test func normIsReportedOnlyWhereItIsClipped() throws {
    let trainer = try makeTrainer(count: 4) { $0.epochs = 1 }
    trainer.run { event in
      if case .step(let report) = event { #expect(report.gradientNorm == nil) }
      return .proceed
    }
  }

  /// Each sample's loss and whether its answer is right, in Double.
  private func evaluate(_ logits: [Double], _ labels: [Int32]) -> (losses: [Double], correct: [Bool]) {
    let rows = labels.indices.map { [logits[2 * $0], logits[2 * $0 + 1]] }
    let losses = zip(rows, labels).map { row, label in
      -row[Int(label)] + exponentialSum(row)
    }
    return (losses, zip(rows, labels).map { $0[Int($1)] > $0[1 - Int($1)] })
  }

  private func makeTrainer(
    count: Int, log: DrawLog = DrawLog(), order: (@Sendable (Int) -> [Int32])? = nil,
    change: (inout TrainingConfiguration) -> Void
  ) throws -> Trainer {
    var random = TestRandom(seed: 5)
    let samples = TestSamples(
      shape: .vector(3), images: random.uniform(3 * count), labels: (0..<count).map { Int32($0 % 2) }, order: order)
    return try makeTrainer(samples: LoggedSamples(samples: samples, log: log), change: change)
  }

  private func makeTrainer(
    samples: any SampleProvider, change: (inout TrainingConfiguration) -> Void
  ) throws -> Trainer {
    let network = try Network(TestModels.linear(), seed: 1)
    var configuration = TrainingConfiguration()
    change(&configuration)
    return Trainer(
      network: network, configuration: configuration, provider: samples, team: WorkerTeam(threads: 1))
  }
}
