import JacquardEngine
import TestSupport
import Testing

/// Averaged and slow weights against plain arithmetic, and their promises: the same bits on any number of threads and after any stop.
struct AveragedWeightsTests {
  // MARK: Arithmetic

  @Test(
    arguments: [
      .ema(decay: 0.9), .ema(decay: 0.5), .ema(decay: 0), .ema(decay: 0.999), .swa(share: 0), .swa(share: 0.5),
      .swa(share: 0.75), .swa(share: 0.99),
    ] as [WeightAverage])
  func averagesFollowTheirDefinitions(average: WeightAverage) throws {
    var recipe = Self.plainRecipe
    recipe.average = average
    let trainer = try linearTrainer(recipe)
    var history: [[Double]] = []
    while try trainer.nextStep() != nil {
      history.append(trainer.network.allValues.joined().map(Double.init))
      let expected = Self.average(average, of: history, steps: trainer.totalSteps)
      let found = trainer.averagedNetwork().allValues.joined()
      for (value, reference) in zip(found, expected) {
        #expect(abs(Double(value) - reference) < 1e-6, "\(average), step \(trainer.step)")
      }
    }
    #expect(history.count == 10)
    // Averages that never differ from the last weights would pass, too.
    if average != .ema(decay: 0), average != .swa(share: 0.99) {
      #expect(trainer.averagedNetwork().bits != trainer.network.bits)
    }
  }

  /// The mean of the definition, in Double: Σ dᵗ⁻ⁱ wᵢ / Σ dᵗ⁻ⁱ, or the mean of the last weights.
  private static func average(_ average: WeightAverage, of history: [[Double]], steps: Int) -> [Double] {
    let factors: [Double]
    switch average {
    case .ema(let decay):
      var factor = 1.0
      factors = history.map { _ in
        defer { factor *= decay }
        return factor
      }.reversed()
    case .swa(let share):
      let before = min(steps - 1, Int((share * Double(steps)).rounded()))
      factors = history.indices.map { $0 >= before ? 1 : 0 }
    }
    let sum = factors.reduce(0, +)
    guard sum > 0 else { return history[history.count - 1] }
    return history[0].indices.map { index in
      zip(factors, history).reduce(0) { $0 + $1.0 * $1.1[index] } / sum
    }
  }

  /// A run without lookahead whose weights the test itself moves after every third step.
  @Test(arguments: [(3, 0.5), (1, 0.25), (4, 1), (11, 0.5)])
  func lookaheadFollowsItsDefinition(steps: Int, share: Double) throws {
    var recipe = Self.plainRecipe
    recipe.lookahead = Lookahead(steps: steps, share: share)
    let trainer = try linearTrainer(recipe)
    let plain = try linearTrainer(Self.plainRecipe)
    var slow = plain.network.allValues
    while let step = try plain.nextStep() {
      _ = try trainer.nextStep()
      if step.step.isMultiple(of: steps) {
        slow = zip(slow, plain.network.allValues).map { zip($0, $1).map { $0 + Float(share) * ($1 - $0) } }
        if share < 1 {
          for (tensor, values) in zip(plain.network.tensors, slow) { plain.network.importTensor(tensor, values) }
        }
      }
      #expect(trainer.network.bits == plain.network.bits, "step \(step.step)")
      let snapshot = trainer.snapshot()
      if share < 1 {
        #expect(trainer.network.tensors.map { snapshot.moment("slow_weights", of: $0) } == slow, "step \(step.step)")
      }
    }
  }

  /// Slow weights begin as the weights of the first step, even if they were set after the trainer was made.
  @Test func slowWeightsBeginWithTheFirstStep() throws {
    var recipe = Self.plainRecipe
    recipe.lookahead = Lookahead(steps: 1, share: 0.5)
    let late = try linearTrainer(recipe)
    let network = try Network(late.network.model, seed: 99)
    late.network.restore(network.snapshot())
    let early = Trainer(network, on: Self.samples, recipe: recipe, team: WorkerTeam(threads: 1))
    _ = try (late.nextStep(), early.nextStep())
    #expect(late.network.bits == early.network.bits)
  }

  @Test func aLeftOutStepIsNoSample() throws {
    var recipe = Self.plainRecipe
    recipe.average = .swa(share: 0)
    recipe.lookahead = Lookahead(steps: 2)
    recipe.batchSize = 3
    var images = Self.samples.images
    images[4 * 3] = .nan
    let samples = TestSamples(shape: .vector(3), images: images, labels: Self.samples.labels)
    let trainer = Trainer(
      try Network(TestModels.linear(), seed: 3), on: samples, recipe: recipe, team: WorkerTeam(threads: 2))
    _ = try trainer.nextStep()
    let (before, bits) = (trainer.snapshot(), trainer.averagedNetwork().bits)
    let fault = try #require(throws: StepFault.self) { try trainer.nextStep() }
    trainer.leaveOut(fault)
    #expect(trainer.progress.averagedSteps == 1)
    #expect(trainer.averagedNetwork().bits == bits)
    let after = trainer.snapshot()
    for name in trainer.momentNames {
      for tensor in trainer.network.tensors {
        #expect(before.moment(name, of: tensor) == after.moment(name, of: tensor), "\(name)")
      }
    }
    _ = try trainer.nextStep()
    #expect(trainer.progress.averagedSteps == 2)
  }

  // MARK: Bits

  private static let settings: [(WeightAverage?, Lookahead?)] = [
    (.ema(decay: 0.8), nil), (.swa(share: 0.4), nil), (nil, Lookahead(steps: 3, share: 0.5)),
    (.ema(decay: 0.99), Lookahead(steps: 2, share: 0.7)), (.swa(share: 0.7), Lookahead(steps: 4)),
  ]

  @Test(arguments: settings.indices)
  func everyNumberOfThreadsGivesTheSameBits(index: Int) throws {
    var results: [[[UInt32]]] = []
    for threads in [1, 2, 3, 5] {
      let trainer = try tinyTrainer(Self.settings[index], threads: threads)
      var averages: [[UInt32]] = []
      while try trainer.nextStep() != nil { averages += trainer.averagedNetwork().bits }
      results.append(averages + trainer.network.bits)
    }
    for result in results { #expect(result == results[0]) }
  }

  /// Reading the average changes nothing in the training.
  @Test(arguments: settings.indices)
  func everyStepIsAPlaceToStop(index: Int) throws {
    let whole = try tinyTrainer(Self.settings[index], threads: 2)
    while try whole.nextStep() != nil {}
    for stop in 0...whole.totalSteps {
      let first = try tinyTrainer(Self.settings[index], threads: 1)
      for _ in 0..<stop { _ = try first.nextStep() }
      let second = try tinyTrainer(Self.settings[index], threads: 3)
      let snapshot = first.snapshot()
      let names = second.momentNames
      second.restore(
        TrainerSnapshot(
          progress: snapshot.progress, of: second.network,
          numbers: NetworkSnapshot(of: second.network) { snapshot.network.values(of: $0) }, momentNames: names
        ) { snapshot.moment($0, of: $1) })
      #expect(second.averagedNetwork().bits == first.averagedNetwork().bits, "stopped after step \(stop)")
      while try second.nextStep() != nil {}
      #expect(second.network.bits == whole.network.bits, "stopped after step \(stop)")
      #expect(second.averagedNetwork().bits == whole.averagedNetwork().bits, "stopped after step \(stop)")
      #expect(second.progress.averagedSteps == whole.progress.averagedSteps)
    }
  }

  @Test func withoutAnAverageTheNetworkIsTheTrainedOne() throws {
    let trainer = try tinyTrainer((nil, nil), threads: 1)
    _ = try trainer.nextStep()
    #expect(trainer.averagedNetwork() === trainer.network)
    let late = try tinyTrainer((.swa(share: 0.9), nil), threads: 1)
    _ = try late.nextStep()
    #expect(late.averagedNetwork() === late.network)
  }

  // MARK: Norms

  /// A convolution with one pixel, and a norm whose statistics plain loops can compute from the averaged weights.
  @Test(arguments: [(23, 7, 23), (3000, 100, 2100), (3000, 2500, 2500)])
  func statisticsAreThoseOfTheAveragedWeights(count: Int, batchSize: Int, used: Int) throws {
    let model = Model(
      name: "normed", inputShape: .image(height: 2, width: 2, channels: 2), classNames: ["a", "b", "c"]
    ) {
      Conv2D(outputChannels: 3, kernelSize: 1)
      BatchNorm2D()
      Flatten()
      Dense(3)
    }
    let learnable = TestSamples.learnable(count: count, shape: model.inputShape, classes: 3)
    let samples = TestSamples(
      shape: model.inputShape, images: learnable.images, labels: learnable.labels,
      order: { epoch in (0..<Int32(count)).map { ($0 + Int32(epoch) * 5) % Int32(count) } })
    let recipe = TrainingRecipe(
      optimizer: SGD(momentum: 0.9), schedule: .constant(0.1), epochs: 2, batchSize: batchSize, shards: 3,
      average: .ema(decay: 0.9))
    let trainer = Trainer(try Network(model, seed: 1), on: samples, recipe: recipe, team: WorkerTeam(threads: 2))
    // Within the second epoch: the statistics come from the third.
    while try trainer.nextStep()?.epoch != 2 {}
    let raw = trainer.network.bits
    let averaged = trainer.averagedNetwork()
    func values(_ name: String) throws -> [Double] {
      averaged.exportTensor(try #require(averaged.tensor(name))).map(Double.init)
    }
    let (weight, bias) = (try values("conv1.weight"), try values("conv1.bias"))
    var (means, variances) = ([0.0, 0, 0], [0.0, 0, 0])
    for first in stride(from: 0, to: used, by: batchSize) {
      let batch = first..<min(first + batchSize, used)
      for channel in 0..<3 {
        let outputs = batch.flatMap { place -> [Double] in
          let sample = (place + 15) % count
          return (0..<4).map { pixel in
            let input = (0..<2).map { Double(samples.images[sample * 8 + pixel * 2 + $0]) }
            return weight[channel * 2] * input[0] + weight[channel * 2 + 1] * input[1] + bias[channel]
          }
        }
        let mean = outputs.reduce(0, +) / Double(outputs.count)
        let variance = outputs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(outputs.count - 1)
        means[channel] += mean * Double(batch.count) / Double(used)
        variances[channel] += variance * Double(batch.count) / Double(used)
      }
    }
    for (found, expected) in zip(try values("bn1.running_mean"), means) { #expect(abs(found - expected) < 1e-5) }
    for (found, expected) in zip(try values("bn1.running_var"), variances) { #expect(abs(found - expected) < 1e-5) }
    #expect(trainer.network.bits == raw)
  }

  /// At the end of an epoch and at the beginning of the next, the same epoch's samples count.
  @Test func theEndOfAnEpochIsTheBeginningOfTheNext() throws {
    let trainer = try tinyTrainer((.ema(decay: 0.9), nil), threads: 2)
    while try trainer.nextStep()?.finishedEpoch == nil {}
    let atEnd = trainer.averagedNetwork().bits
    trainer.beginNextEpoch()
    trainer.restore(trainer.snapshot())
    #expect(trainer.averagedNetwork().bits == atEnd)
    // Another network than the one that is trained.
    #expect(trainer.averagedNetwork() !== trainer.network)
  }

  // MARK: Support

  private static let samples = TestSamples.learnable(count: 20, shape: .vector(3), classes: 2)

  /// Ten steps of plain gradient descent.
  private static var plainRecipe: TrainingRecipe {
    TrainingRecipe(optimizer: SGD(), schedule: .constant(0.5), epochs: 5, batchSize: 10, shards: 2)
  }

  private func linearTrainer(_ recipe: TrainingRecipe) throws -> Trainer {
    Trainer(
      try Network(TestModels.linear(), seed: 3), on: Self.samples, recipe: recipe, team: WorkerTeam(threads: 2))
  }

  /// Three epochs of 23 images in batches of 7, which end after ten steps, with norms, dropout and Adam.
  private func tinyTrainer(_ settings: (WeightAverage?, Lookahead?), threads: Int) throws -> Trainer {
    let shape = TestModels.tiny.inputShape
    let learnable = TestSamples.learnable(count: 23, shape: shape, classes: 3)
    var random = TestRandom(seed: 9)
    let orders = (0..<6).map { _ in (0..<Int32(23)).shuffled(using: &random) }
    let samples = TestSamples(
      shape: shape, images: learnable.images, labels: learnable.labels, order: { orders[$0] })
    let recipe = TrainingRecipe(
      optimizer: Adam(), schedule: .cosine(peak: 0.01), epochs: 3, batchSize: 7, shards: 3, maxSteps: 10,
      average: settings.0, lookahead: settings.1)
    return Trainer(
      try Network(TestModels.tiny, seed: 7), on: samples, recipe: recipe, team: WorkerTeam(threads: threads))
  }
}
