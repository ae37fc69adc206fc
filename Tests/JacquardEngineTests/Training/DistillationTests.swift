import Glibc
import JacquardEngine
import TestSupport
import Testing

/// Training with teachers: the loss and its gradient against plain arithmetic, and the same bits on any number of threads and after any stop.
struct DistillationTests {
  // MARK: Arithmetic

  /// A step of a dense layer with one or two teachers against the definition in Double.
  @Test(arguments: [(1, 4.0, 0.7), (2, 4.0, 0.7), (1, 1.0, 1.0), (3, 2.5, 0.25)])
  func aStepFollowsTheDefinition(count: Int, temperature: Double, weight: Double) throws {
    let (features, classes) = (4, 3)
    let model = TestModels.linear(features: features, classes: classes)
    let samples = TestSamples.learnable(count: 6, shape: model.inputShape, classes: classes)
    let teachers = try (0..<count).map { try Network(model, seed: UInt64(10 + $0)) }
    let network = try Network(model, seed: 1)
    var recipe = TrainingRecipe(
      optimizer: SGD(), schedule: .constant(0.1), epochs: 1, batchSize: 6, shards: 2)
    recipe.distillation = Distillation(teachers, temperature: temperature, weight: weight)
    let before = network.allValues
    let trainer = Trainer(network, on: samples, recipe: recipe, team: WorkerTeam(threads: 2))
    let step = try #require(try trainer.nextStep())

    func logits(_ values: [[Float]], _ sample: Int) -> [Double] {
      (0..<classes).map { output in
        (0..<features).reduce(Double(values[1][output])) {
          $0 + Double(values[0][output * features + $1]) * Double(samples.images[sample * features + $1])
        }
      }
    }
    func softmax(_ row: [Double], _ temperature: Double) -> [Double] {
      let powers = row.map { exp($0 / temperature) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
    var (loss, gradient) = (0.0, [Double](repeating: 0, count: features * classes))
    for sample in 0..<6 {
      let row = logits(before, sample)
      let answers = teachers.map { softmax(logits($0.allValues, sample), temperature) }
      let target = (0..<classes).map { index in answers.reduce(0) { $0 + $1[index] } / Double(count) }
      let (plain, soft) = (softmax(row, 1), softmax(row, temperature))
      let label = Int(samples.labels[sample])
      let divergence = zip(target, soft).reduce(0) { $0 + $1.0 * (log($1.0) - log($1.1)) }
      loss += (1 - weight) * -log(plain[label]) + weight * temperature * temperature * divergence
      for output in 0..<classes {
        let change =
          (1 - weight) * (plain[output] - (output == label ? 1 : 0))
          + weight * temperature * (soft[output] - target[output])
        for feature in 0..<features {
          gradient[output * features + feature] += change * Double(samples.images[sample * features + feature]) / 6
        }
      }
    }
    #expect(abs(step.loss - loss / 6) < 1e-6, "\(step.loss) \(loss / 6)")
    let tensor = try #require(network.tensor("fc1.weight"))
    expectClose(trainer.gradient(of: tensor), gradient, relativeTo: .one, tolerance: 2e-6)
  }

  /// Inputs are converted to the normalization that a teacher was trained with, channel by channel.
  @Test func aTeacherGetsItsOwnNormalization() throws {
    let shape = TestModels.tiny.inputShape
    let model = Model(
      name: "flat", inputShape: shape, classNames: ["a", "b", "c"],
      preprocessing: Normalization(mean: [0.125, 0.25], deviation: [0.5, 0.25])
    ) {
      Flatten()
      Dense(3)
    }
    var other = model
    other.preprocessing = Normalization(scale: 1, mean: [64, 128], deviation: [127, 32])
    let samples = TestSamples.learnable(count: 23, shape: shape, classes: 3)
    let pixels = samples.images.enumerated().map { index, value in
      255 * (Double(value) * (index % 2 == 0 ? 0.5 : 0.25) + (index % 2 == 0 ? 0.125 : 0.25))
    }
    let converted = pixels.enumerated().map { index, pixel in
      Float(index % 2 == 0 ? (pixel - 64) / 127 : (pixel - 128) / 32)
    }
    let (teacher, network) = (try Network(other, seed: 5), try Network(model, seed: 6))
    let team = WorkerTeam(threads: 1)
    let targets = try #require(
      Predictor(teacher, team: team).logits(of: TestSamples(shape: shape, images: converted, labels: samples.labels)))
    let own = try #require(Predictor(network, team: team).logits(of: samples))
    var divergence = 0.0
    for first in stride(from: 0, to: 69, by: 3) {
      func logProbabilities(_ logits: [Float]) -> [Double] {
        let row = logits[first..<first + 3].map(Double.init)
        let sum = row.reduce(0) { $0 + exp($1) }
        return row.map { $0 - log(sum) }
      }
      for (q, p) in zip(logProbabilities(targets.logits), logProbabilities(own.logits)) {
        divergence += exp(q) * (q - p)
      }
    }
    var recipe = TrainingRecipe(
      optimizer: SGD(), schedule: .constant(0.1), epochs: 1, batchSize: 23, shards: 3)
    recipe.distillation = Distillation([teacher], temperature: 1, weight: 1)
    let loss = try #require(try Trainer(network, on: samples, recipe: recipe, team: team).nextStep()).loss
    #expect(abs(loss - divergence / 23) < 1e-5 && loss > 0.1, "\(loss) \(divergence / 23)")
  }

  // MARK: The same bits

  @Test func keptAnswersGiveTheBitsOfComputedOnes() throws {
    var results: [[[UInt32]]] = []
    var draws: [Int] = []
    for threads in [1, 2, 3, 8] {
      for isFixed in [true, false] {
        let samples = Self.samples(isFixed: isFixed)
        let trainer = try Self.trainer(on: samples, threads: threads)
        var losses: [UInt32] = []
        while let step = try trainer.nextStep() { losses.append(Float(step.loss).bitPattern) }
        results.append(trainer.network.bits + [losses])
        draws.append((1...3).flatMap { samples.log.draws(epoch: $0) }.reduce(0) { $0 + $1.count })
      }
    }
    for result in results { #expect(result == results[0]) }
    // Three epochs of 23 images for the network, and as many for each of two teachers, or the first only.
    for (index, count) in draws.enumerated() {
      #expect(count == (index.isMultiple(of: 2) ? 69 + 46 : 3 * 69), "\(index)")
    }
    let alone = try Self.trainer(on: Self.samples(isFixed: true), threads: 1, isDistilled: false)
    while try alone.nextStep() != nil {}
    #expect(alone.network.bits != Array(results[0].dropLast()))
  }

  @Test func everyStepIsAPlaceToStop() throws {
    let freezing = Freezing([.body], unfreezeAfter: [1, 2])
    for freezing in [nil, freezing] {
      let whole = try Self.trainer(on: Self.samples(isFixed: true), threads: 2, freezing: freezing)
      while try whole.nextStep() != nil {}
      for stop in 0...whole.totalSteps {
        let first = try Self.trainer(on: Self.samples(isFixed: true), threads: 1, freezing: freezing)
        for _ in 0..<stop { _ = try first.nextStep() }
        let second = try Self.trainer(on: Self.samples(isFixed: false), threads: 3, freezing: freezing, seed: 99)
        second.restore(first.snapshot())
        while try second.nextStep() != nil {}
        #expect(second.network.bits == whole.network.bits, "stopped after step \(stop)")
      }
    }
  }

  /// A teacher is never changed, and a step that is not finite is found with one, too.
  @Test func teachersStayAsTheyAre() throws {
    let teachers = try Self.teachers()
    let before = teachers.map(\.bits)
    var recipe = Self.recipe
    recipe.distillation = Distillation(teachers)
    let trainer = Trainer(
      try Network(TestModels.tiny, seed: 7), on: Self.samples(isFixed: false), recipe: recipe,
      team: WorkerTeam(threads: 2))
    while try trainer.nextStep() != nil {}
    #expect(teachers.map(\.bits) == before)
    let broken = try Network(TestModels.tiny, seed: 3)
    let tensor = try #require(broken.tensor("fc1.bias"))
    broken.importTensor(tensor, [.nan, 0, 0])
    recipe.distillation = Distillation([broken])
    let faulty = Trainer(
      try Network(TestModels.tiny, seed: 7), on: Self.samples(isFixed: false), recipe: recipe,
      team: WorkerTeam(threads: 2))
    let fault = try #require(throws: StepFault.self) { try faulty.nextStep() }
    #expect(fault.place == .loss && fault.isUndone)
  }

  // MARK: Support

  private static var recipe: TrainingRecipe {
    TrainingRecipe(
      optimizer: AdamW(weightDecay: 0.01), schedule: .cosine(peak: 0.01), epochs: 3, batchSize: 7, shards: 3)
  }

  /// A network of the same model, and one of another with another normalization.
  private static func teachers() throws -> [Network] {
    var model = TestModels.slopes
    model.preprocessing = Normalization(mean: [0.5], deviation: [0.25])
    return [try Network(TestModels.tiny, seed: 21), try Network(model, seed: 22)]
  }

  private static func samples(isFixed: Bool) -> LoggedSamples {
    let learnable = TestSamples.learnable(count: 23, shape: TestModels.tiny.inputShape, classes: 3)
    return LoggedSamples(
      samples: TestSamples(
        shape: learnable.shape, images: learnable.images, labels: learnable.labels,
        order: { epoch in (0..<23).map { ($0 * 5 + Int32(epoch)) % 23 } }),
      log: DrawLog(), isSameInEveryEpoch: isFixed)
  }

  private static func trainer(
    on samples: LoggedSamples, threads: Int, freezing: Freezing? = nil, isDistilled: Bool = true, seed: UInt64 = 7
  ) throws -> Trainer {
    var recipe = recipe
    recipe.freezing = freezing
    if isDistilled { recipe.distillation = Distillation(try teachers(), temperature: 2, weight: 0.6) }
    return Trainer(
      try Network(TestModels.tiny, seed: seed), on: samples, recipe: recipe, team: WorkerTeam(threads: threads))
  }
}
