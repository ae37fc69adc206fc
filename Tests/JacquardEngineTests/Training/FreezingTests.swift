import JacquardEngine
import TestSupport
import Testing

/// Frozen tensors keep every bit, and the features of a frozen body are the same whether they are kept or computed again.
struct FreezingTests {
  private static let threads = [1, 2, 3, 8]

  // MARK: Bits

  @Test(arguments: ["body", "body,norms", "conv1.*,bn1.*", "norms", "residual1.*"])
  func keptFeaturesGiveTheBitsOfComputedOnes(parts: String) throws {
    let freezing = try #require(Freezing(parsing: parts))
    var results: [[[UInt32]]] = []
    var draws: [Int] = []
    for threads in Self.threads {
      for isFixed in [true, false] {
        let samples = Self.samples(isFixed: isFixed)
        let trainer = try trainer(freezing, on: samples, threads: threads)
        var losses: [UInt32] = []
        while let step = try trainer.nextStep() { losses.append(Float(step.loss).bitPattern) }
        results.append(trainer.network.bits + [losses])
        draws.append(samples.log.drawnImages(epochs: 1...3))
      }
    }
    for result in results { #expect(result == results[0]) }
    // Three epochs of 23 images: kept features are computed once. Without frozen operators at the beginning there is nothing to keep.
    let keeps = parts.hasPrefix("body") || parts.hasPrefix("conv1")
    for (index, count) in draws.enumerated() {
      #expect(count == (keeps && index.isMultiple(of: 2) ? 23 : 69), "\(index)")
    }
  }

  /// A batch may hold a sample twice, in one shard or in two.
  @Test func aSampleMayOccurTwiceInABatch() throws {
    var results: [[[UInt32]]] = []
    for (threads, isFixed) in [(1, true), (2, true), (3, true), (2, false)] {
      let samples = Self.samples(isFixed: isFixed) { epoch in (0..<23).map { ($0 / 2 + Int32(epoch)) % 23 } }
      let trainer = try trainer(Freezing([.body]), on: samples, threads: threads)
      while try trainer.nextStep() != nil {}
      results.append(trainer.network.bits)
    }
    for result in results { #expect(result == results[0]) }
  }

  @Test(
    arguments: [
      ("body", nil, nil), ("body", WeightAverage.ema(decay: 0.8), Lookahead(steps: 2, share: 0.5)),
      ("conv1.*", .swa(share: 0.2), nil), ("norms", nil, Lookahead(steps: 3, share: 0.5)),
      ("fc1.weight,residual1.*", .ema(decay: 0.5), nil),
    ] as [(String, WeightAverage?, Lookahead?)])
  func frozenTensorsKeepEveryBit(parts: String, average: WeightAverage?, lookahead: Lookahead?) throws {
    let freezing = try #require(Freezing(parsing: parts))
    let trainer = try trainer(
      freezing, on: Self.samples(isFixed: false), threads: 2, average: average, lookahead: lookahead)
    let before = trainer.network.allValues
    while try trainer.nextStep() != nil {}
    for network in [trainer.network, trainer.averagedNetwork()] {
      for (tensor, values) in zip(network.tensors, before) {
        let isHead = tensor.name.hasPrefix("fc1")
        let isState = tensor.specification.role == nil
        let isFrozen =
          switch parts {
          case "body": !isHead
          case "norms": isState
          case "conv1.*": tensor.name.hasPrefix("conv1.")
          default: tensor.name == "fc1.weight" || tensor.name.hasPrefix("residual1.")
          }
        let same = network.exportTensor(tensor).map(\.bitPattern) == values.map(\.bitPattern)
        #expect(same == isFrozen, "\(parts): \(tensor.name)")
      }
    }
  }

  // MARK: Unfreezing

  @Test func layersBeginToTrainFromTheLastToTheFirst() throws {
    let trainer = try trainer(
      Freezing([.body], unfreezeAfter: [1, 2]), on: Self.samples(isFixed: true), threads: 2)
    var last = trainer.network.allValues
    for epoch in 1...3 {
      while try trainer.nextStep()?.finishedEpoch == nil {}
      let now = trainer.network.allValues
      for (index, tensor) in trainer.network.tensors.enumerated() where tensor.specification.role != nil {
        // Four frozen layers in two groups.
        let begins = tensor.name.hasPrefix("fc1") ? 1 : tensor.name.hasPrefix("residual1") ? 2 : 3
        #expect((now[index] != last[index]) == (epoch >= begins), "epoch \(epoch): \(tensor.name)")
      }
      last = now
    }
  }

  /// Adam's first step moves each weight by about the learning rate, also for tensors that begin to train later.
  @Test func unfrozenTensorsBeginWithAFirstStep() throws {
    let trainer = try trainer(
      Freezing([.body], unfreezeAfter: [2]), on: Self.samples(isFixed: true), threads: 1,
      optimizer: Adam(), schedule: .constant(0.001))
    while try trainer.nextStep()?.epoch != 2 {}
    while trainer.finishedEpoch == nil { _ = try trainer.nextStep() }
    let tensor = try #require(trainer.network.tensor("conv1.weight"))
    let before = trainer.network.exportTensor(tensor)
    _ = try trainer.nextStep()
    let moves = zip(trainer.network.exportTensor(tensor), before).map { abs($0 - $1) }
    #expect(try #require(moves.max()) < 0.00101)
    #expect(try #require(moves.max()) > 0.0009)
  }

  @Test(arguments: [nil, WeightAverage.ema(decay: 0.7)])
  func everyStepIsAPlaceToStop(average: WeightAverage?) throws {
    let freezing = Freezing([.body], unfreezeAfter: [1, 2])
    let whole = try trainer(freezing, on: Self.samples(isFixed: true), threads: 2, average: average)
    while try whole.nextStep() != nil {}
    for stop in 0...whole.totalSteps {
      let first = try trainer(freezing, on: Self.samples(isFixed: true), threads: 1, average: average)
      for _ in 0..<stop { _ = try first.nextStep() }
      let second = try trainer(freezing, on: Self.samples(isFixed: false), threads: 3, average: average, seed: 99)
      second.restore(first.snapshot())
      while try second.nextStep() != nil {}
      #expect(second.network.bits == whole.network.bits, "stopped after step \(stop)")
      #expect(second.averagedNetwork().bits == whole.averagedNetwork().bits, "stopped after step \(stop)")
    }
  }

  // MARK: Evaluation

  @Test func keptFeaturesGiveTheAnswersOfTheWholeNetwork() throws {
    let samples = Self.samples(isFixed: true)
    let trainer = try trainer(Freezing([.body], unfreezeAfter: [2]), on: samples, threads: 2)
    let kept = KeptFeatures()
    while try trainer.nextStep()?.finishedEpoch != nil || trainer.step < trainer.totalSteps {
      let fast = try #require(trainer.logits(of: samples, keeping: kept))
      let plain = try #require(Predictor(trainer.network, team: WorkerTeam(threads: 1)).logits(of: samples))
      #expect(fast.logits == plain.logits)
      #expect(fast.labels == plain.labels)
    }
  }

  // MARK: Gradients

  /// With frozen statistics and no dropout, training computes what inference computes: its gradients are the slopes of the loss.
  @Test func gradientsOfFrozenNormsAreTheSlopesOfTheLoss() throws {
    let model = Model(
      name: "normed", inputShape: .image(height: 5, width: 5, channels: 2), classNames: ["a", "b", "c"]
    ) {
      Conv2D(outputChannels: 4, kernelSize: 3)
      BatchNorm2D()
      SiLU()
      Flatten()
      Dense(3)
    }
    let network = try Network(model, seed: 5)
    var random = TestRandom(seed: 3)
    for tensor in network.tensors where tensor.name.hasPrefix("bn1.") {
      network.importTensor(tensor, random.uniform(tensor.range.count).map { $0 + 0.5 })
    }
    let samples = TestSamples.learnable(count: 6, shape: model.inputShape, classes: 3)
    func loss() throws -> Double {
      let answers = try #require(Predictor(network, team: WorkerTeam(threads: 1)).logits(of: samples))
      return SoftmaxCrossEntropy().total(logits: answers.logits.span, labels: answers.labels.span, classes: 3).loss / 6
    }
    var recipe = TrainingRecipe(
      optimizer: SGD(), schedule: .constant(1e-30), epochs: 1, batchSize: 6, shards: 4)
    recipe.freezing = Freezing([.norms])
    let trainer = Trainer(network, on: samples, recipe: recipe, team: WorkerTeam(threads: 2))
    _ = try trainer.nextStep()
    for tensor in network.tensors where tensor.specification.role != nil {
      let gradient = trainer.gradient(of: tensor)
      let values = network.exportTensor(tensor)
      let scale = Double(gradient.map(abs).max() ?? 0)
      for index in stride(from: 0, to: values.count, by: max(1, values.count / 12)) {
        let step: Float = 0x1p-7
        var changed = values
        changed[index] += step
        network.importTensor(tensor, changed)
        let up = try loss()
        changed[index] = values[index] - step
        network.importTensor(tensor, changed)
        let down = try loss()
        network.importTensor(tensor, values)
        let slope = (up - down) / Double(2 * step)
        #expect(
          abs(slope - Double(gradient[index])) < 2e-3 * scale, "\(tensor.name)[\(index)]: \(slope), \(gradient[index])")
      }
      #expect(scale > 1e-3, "\(tensor.name)")
    }
  }

  @Test func textsAreRead() throws {
    #expect(Freezing(parsing: "body,norms,conv1.*")?.parts == [.body, .norms, .pattern("conv1.*")])
    #expect(Freezing(parsing: "body,norms,conv1.*")?.text == "body,norms,conv1.*")
    for text in ["", "body,", ",body"] { #expect(Freezing(parsing: text) == nil) }
  }

  // MARK: Support

  private static func samples(isFixed: Bool, order: (@Sendable (Int) -> [Int32])? = nil) -> LoggedSamples {
    let learnable = TestSamples.learnable(count: 23, shape: TestModels.tiny.inputShape, classes: 3)
    return LoggedSamples(
      samples: TestSamples(
        shape: learnable.shape, images: learnable.images, labels: learnable.labels,
        order: order ?? { epoch in (0..<23).map { ($0 * 5 + Int32(epoch)) % 23 } }),
      log: DrawLog(), isSameInEveryEpoch: isFixed)
  }

  /// Three epochs of 23 images in batches of 7, with norms and dropout.
  private func trainer(
    _ freezing: Freezing, on samples: LoggedSamples, threads: Int, average: WeightAverage? = nil,
    lookahead: Lookahead? = nil, optimizer: any Optimizer = AdamW(weightDecay: 0.1),
    schedule: any LearningRateSchedule = .cosine(peak: 0.01), seed: UInt64 = 7
  ) throws -> Trainer {
    var recipe = TrainingRecipe(
      optimizer: optimizer, schedule: schedule, epochs: 3, batchSize: 7, shards: 3, average: average,
      lookahead: lookahead)
    recipe.freezing = freezing
    return Trainer(
      try Network(TestModels.tiny, seed: seed), on: samples, recipe: recipe, team: WorkerTeam(threads: threads))
  }
}

extension DrawLog {
  /// The number of images drawn in some epochs.
  fileprivate func drawnImages(epochs: ClosedRange<Int>) -> Int {
    epochs.flatMap { draws(epoch: $0) }.reduce(0) { $0 + $1.count }
  }
}
