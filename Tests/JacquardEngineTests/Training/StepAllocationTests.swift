import AllocationCounter
import LinearAlgebra
import JacquardEngine
import Synchronization
import TestSupport
import Testing

/// A training step allocates no heap memory, on any worker.
///
/// Products are the naive ones: for some sizes OpenBLAS's own small kernels allocate a buffer on the heap and free it before they return, which we
/// can neither count nor avoid.
struct StepAllocationTests {
  private static let steps = 5

  /// Models with and without meetings, and both paths through the update. ThreadSanitizer allocates its own memory in a step.
  @Test(
    .enabled(if: Sanitizer.current != .thread),
    arguments: [
      ("tiny", nil, .adamw), ("tiny", 0.5, .sgd), ("slopes", 0.5, .lion), ("tiny", 0.5, .muon),
      ("branches", 0.5, .adamw),
      ("lenet", 0.5, .sgd), ("cnn", nil, .adamw),
      ("vgg", nil, .adamw),
      ("deep", nil, .adam),
    ] as [(String, Double?, TrainingConfiguration.OptimizerKind)])
  func stepsAllocateNothing(
    name: String, clipNorm: Double?, optimizer: TrainingConfiguration.OptimizerKind
  ) throws {
    let model =
      try [TestModels.tiny, TestModels.slopes, TestModels.branches, TestModels.deep]
      .first { $0.name == name } ?? Model.named(name)
    let (shards, threads) = (4, 2)
    var configuration = TrainingConfiguration()
    configuration.epochs = Self.steps
    configuration.batchSize = 4
    configuration.shards = shards
    configuration.optimizer = optimizer
    configuration.momentum = 0.9
    configuration.schedule = .onecycle
    configuration.clipNorm = clipNorm
    if name == "tiny" || name == "cnn" {
      configuration.average = name == "tiny" ? .ema(decay: 0.9) : .swa(share: 0.2)
      configuration.lookahead = Lookahead(steps: 2)
    }
    if name == "tiny" || name == "lenet" {
      // Weights are pruned after each step.
      (configuration.prune, configuration.pruneBegin, configuration.pruneEnd) = (0.5, 0, 1)
    }
    let network = try Network(model, seed: 1, options: ComputeOptions(product: .naive))
    let counts = Counts(shards: shards, epochs: Self.steps)
    let samples = TestSamples.learnable(
      count: configuration.batchSize, shape: model.inputShape, classes: model.classNames.count)
    let trainer = Trainer(
      network: network, configuration: configuration,
      provider: CountingSamples(samples: samples, counts: counts, isMixed: name == "slopes"),
      team: WorkerTeam(threads: threads))
    trainer.run { _ in .proceed }
    // Each epoch is one step, and a shard's worker is always the same: so the difference between two draws of a shard is
    // what its worker allocated in one whole step.
    for shard in 0..<shards {
      let readings = (1...Self.steps).map { counts[shard, $0] }
      #expect(readings.allSatisfy { $0 > 0 }, "each worker counts")
      let perStep = zip(readings.dropFirst(), readings).map { $0 - $1 }
      #expect(
        perStep.dropFirst().allSatisfy { $0 == 0 }, "shard \(shard): allocations of each step: \(perStep)")
    }
  }

  /// Teachers answer in every step, whether their inputs are converted or not.
  @Test(.enabled(if: Sanitizer.current != .thread), arguments: ["tiny", "cnn"])
  func stepsWithTeachersAllocateNothing(name: String) throws {
    let model = try name == "tiny" ? TestModels.tiny : Model.named(name)
    let options = ComputeOptions(product: .naive)
    var other = model
    other.preprocessing = Normalization(mean: [0.5], deviation: [0.25])
    var recipe = TrainingRecipe(
      optimizer: SGD(), schedule: .constant(0.01), epochs: Self.steps, batchSize: 4, shards: 4)
    recipe.distillation = Distillation([
      try Network(model, seed: 2, options: options), try Network(other, seed: 3, options: options),
    ])
    let counts = Counts(shards: 4, epochs: Self.steps)
    let samples = TestSamples.learnable(count: 4, shape: model.inputShape, classes: model.classNames.count)
    let trainer = Trainer(
      try Network(model, seed: 1, options: options),
      on: CountingSamples(samples: samples, counts: counts, isMixed: false), recipe: recipe,
      team: WorkerTeam(threads: 2))
    while try trainer.nextStep() != nil {}
    for shard in 0..<4 {
      let readings = (1...Self.steps).map { counts[shard, $0] }
      #expect(readings.allSatisfy { $0 > 0 }, "each worker counts")
      let perStep = zip(readings.dropFirst(), readings).map { $0 - $1 }
      #expect(perStep.dropFirst().allSatisfy { $0 == 0 }, "shard \(shard): allocations of each step: \(perStep)")
    }
  }

  /// The case left out above: a product by OpenBLAS, at a size for which OpenBLAS itself allocates nothing.
  @Test func productsThroughBLASAllocateNothing() {
    let (a, b) = ([Float](repeating: 1, count: 32 * 64), [Float](repeating: 2, count: 64 * 64))
    var c = [Float](repeating: 0, count: 32 * 64)
    var counts: [UInt64] = [0, 0]
    for round in 0..<2 {
      let before = allocations_of_this_thread()
      var target = c.mutableSpan
      MatrixProduct.blas.multiply(
        m: 32, n: 64, k: 64, a.span, leadingDimensionA: 64, b.span, leadingDimensionB: 64, into: &target,
        leadingDimensionC: 64)
      counts[round] = allocations_of_this_thread() - before
    }
    #expect(c[0] == 128)
    #expect(counts[1] == 0, "the first may set up the library")
  }

  /// The counter detects allocations in a step: an array that grows, and one created in the step.
  @Test func counterCounts() {
    let before = allocations_of_this_thread()
    var array = [Int](repeating: 1, count: 100)
    array[Int.random(in: 0..<100)] = 2
    array.reserveCapacity(10_000)
    #expect(array.reduce(0, +) == 101)
    #expect(allocations_of_this_thread() >= before + 2)
  }
}

/// The allocations of the thread that drew a shard, by shard and epoch.
private final class Counts: Sendable {
  private let shards: Int
  private let readings: Mutex<[Int]>

  init(shards: Int, epochs: Int) {
    self.shards = shards
    readings = Mutex(Array(repeating: 0, count: shards * (epochs + 1)))
  }

  subscript(shard: Int, epoch: Int) -> Int {
    get { readings.withLock { $0[epoch * shards + shard] } }
    set { readings.withLock { $0[epoch * shards + shard] = newValue } }
  }
}

/// Samples that record, for each shard and epoch, how much its worker has allocated so far.
private struct CountingSamples: SampleProvider {
  let samples: TestSamples
  let counts: Counts
  let isMixed: Bool

  var count: Int { samples.count }
  var shape: Shape { samples.shape }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) { samples.order(epoch: epoch, into: &order) }

  func draw(
    _ numbers: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    samples.draw(numbers, epoch: epoch, into: &inputs, labels: &labels)
    // Samples come in order, in shards of equal length.
    counts[Int(numbers[0]) / numbers.count, epoch] = Int(allocations_of_this_thread()) + 1
  }

  func mixedLabels(
    of numbers: Span<Int32>, epoch: Int, into labels: inout MutableSpan<Int32>, weights: inout MutableSpan<Float>
  ) {
    for place in numbers.indices {
      labels[place] = 0
      weights[place] = 0.25
    }
  }
}
