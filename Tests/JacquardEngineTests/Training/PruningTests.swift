import JacquardEngine
import TestSupport
import Testing

/// Pruned weights are the smallest, stay exactly zero, and are the same on any number of threads and after any stop.
struct PruningTests {
  private static let threads = [1, 2, 3, 8]

  private static let recipes: [(name: String, change: @Sendable (inout TrainingRecipe) -> Void)] = [
    ("adamw", { _ in }),
    ("momentum", { $0.optimizer = SGD(momentum: 0.9, nesterov: true, weightDecay: 0.01) }),
    ("lion", { $0.optimizer = Lion(weightDecay: 0.1) }),
    ("muon", { $0.optimizer = Muon(momentum: 0.9) }),
    ("ema", { $0.average = .ema(decay: 0.8) }),
    (
      "swa and lookahead",
      { recipe in
        recipe.average = .swa(share: 0.3)
        recipe.lookahead = Lookahead(steps: 2)
      }
    ),
    ("unfrozen later", { $0.freezing = Freezing([.body], unfreezeAfter: [1, 2]) }),
    ("clipped", { $0.clipNorm = 0.5 }),
  ]

  private static func trainer(
    _ index: Int, share: Double = 0.7, threads: Int, seed: UInt64 = 7, network: Network? = nil
  ) throws -> Trainer {
    var recipe = TrainingRecipe(
      optimizer: AdamW(weightDecay: 0.1), schedule: .cosine(peak: 0.01), epochs: 3, batchSize: 7, shards: 3)
    recipes[index].change(&recipe)
    recipe.pruning = Pruning(share: share, begin: 0.2, end: 0.8)
    let samples = TestSamples.learnable(count: 23, shape: TestModels.tiny.inputShape, classes: 3)
    return Trainer(
      try network ?? Network(TestModels.tiny, seed: seed), on: samples, recipe: recipe,
      team: WorkerTeam(threads: threads))
  }

  private static func weights(_ network: Network) -> [NetworkTensor] {
    network.tensors.filter { $0.specification.role == .weight }
  }

  private static func zeros(_ network: Network, _ tensor: NetworkTensor) -> Set<Int> {
    Set(network.exportTensor(tensor).enumerated().filter { $0.element == 0 }.map(\.offset))
  }

  /// The zeros of every tensor after each step: as many as the schedule says, the smallest of the step before, and never fewer.
  @Test(arguments: recipes.indices)
  func zerosFollowTheScheduleAndStay(index: Int) throws {
    let trainer = try Self.trainer(index, threads: 2)
    let schedule = PruningSchedule(Pruning(share: 0.7, begin: 0.2, end: 0.8), steps: trainer.totalSteps)
    var before: [Set<Int>] = []
    while let step = try trainer.nextStep() {
      let tensors = Self.weights(trainer.network)
      let zeros = tensors.map { Self.zeros(trainer.network, $0) }
      for (place, tensor) in tensors.enumerated() {
        let count = tensor.range.count
        // The last layer always trains; in the recipe that unfreezes layers, others follow later.
        if Self.recipes[index].name != "unfrozen later" || tensor.name.hasPrefix("fc1") {
          #expect(
            zeros[place].count == Int((schedule.share(after: step.step) * Double(count)).rounded()),
            "step \(step.step), \(tensor.name)")
        }
        if !before.isEmpty { #expect(zeros[place].isSuperset(of: before[place]), "step \(step.step), \(tensor.name)") }
        // What is evaluated and saved has the same zeros.
        #expect(Self.zeros(trainer.averagedNetwork(), tensor).isSuperset(of: zeros[place]), "\(tensor.name)")
        let snapshot = trainer.snapshot()
        for name in ["slow_weights", "averaged_weights"] where trainer.momentNames.contains(name) && step.step > 8 {
          let kept = snapshot.moment(name, of: tensor)
          #expect(zeros[place].allSatisfy { kept[$0] == 0 }, "\(name), step \(step.step), \(tensor.name)")
        }
      }
      before = zeros
    }
    for network in [trainer.network, trainer.averagedNetwork()] {
      for tensor in Self.weights(network) {
        #expect(
          Self.zeros(network, tensor).count == Int((0.7 * Double(tensor.range.count)).rounded()), "\(tensor.name)")
      }
      #expect(abs(network.sparsity.share - 0.7) < 0.02 && network.sparsity.zeros > 0)
    }
    // Biases and norms are not pruned.
    for tensor in trainer.network.tensors where tensor.specification.role == .bias {
      #expect(Self.zeros(trainer.network, tensor).count < tensor.range.count, "\(tensor.name)")
    }
  }

  /// In one update the weights of the smallest magnitudes go, and of equal ones the first.
  @Test func theSmallestGoFirstAndTiesByIndex() throws {
    let model = TestModels.linear(features: 5, classes: 2)
    let network = try Network(model, seed: 1)
    let tensor = try #require(network.tensor("fc1.weight"))
    // In the order of files [outputs, inputs]; in memory [inputs, outputs].
    let values: [Float] = [3, -1, 0.5, 1, -0.5, 2, 1, -4, 0.5, -1]
    network.importTensor(tensor, values)
    var recipe = TrainingRecipe(
      optimizer: SGD(), schedule: .constant(1e-30), epochs: 1, batchSize: 4, shards: 2)
    recipe.pruning = Pruning(share: 0.5, begin: 0, end: 0)
    let samples = TestSamples.learnable(count: 4, shape: model.inputShape, classes: 2)
    let trainer = Trainer(network, on: samples, recipe: recipe, team: WorkerTeam(threads: 2))
    _ = try trainer.nextStep()
    // Magnitudes in memory order: 3 2 | 1 1 | 0.5 4 | 1 0.5 | 0.5 1: the three of 0.5, and the first two of 1.
    #expect(network.exportTensor(tensor) == [3, 0, 0, 1, 0, 2, 0, -4, 0, -1])
    #expect(network.sparsity == Sparsity(of: [[0, 0, 0, 0, 0, 1, 1, 1, 1, 1]]))
  }

  @Test(arguments: recipes.indices)
  func everyNumberOfThreadsGivesTheSameBits(index: Int) throws {
    var results: [[[UInt32]]] = []
    for threads in Self.threads {
      let trainer = try Self.trainer(index, threads: threads)
      while try trainer.nextStep() != nil {}
      results.append(trainer.network.bits + trainer.averagedNetwork().bits)
    }
    for result in results { #expect(result == results[0]) }
  }

  @Test(arguments: recipes.indices)
  func everyStepIsAPlaceToStop(index: Int) throws {
    let whole = try Self.trainer(index, threads: 2)
    while try whole.nextStep() != nil {}
    for stop in 0...whole.totalSteps {
      let first = try Self.trainer(index, threads: 1)
      for _ in 0..<stop { _ = try first.nextStep() }
      let second = try Self.trainer(index, threads: 3, seed: 99)
      second.restore(first.snapshot())
      while try second.nextStep() != nil {}
      #expect(second.network.bits == whole.network.bits, "stopped after step \(stop)")
      #expect(second.averagedNetwork().bits == whole.averagedNetwork().bits, "stopped after step \(stop)")
    }
  }

  /// A network that is pruned further keeps its zeros from the first step on.
  @Test func aPrunedNetworkKeepsItsZeros() throws {
    let first = try Self.trainer(0, share: 0.5, threads: 2)
    while try first.nextStep() != nil {}
    let tensors = Self.weights(first.network)
    let before = tensors.map { Self.zeros(first.network, $0) }
    let second = try Self.trainer(1, share: 0.8, threads: 2, network: first.network)
    while try second.nextStep() != nil {
      for (tensor, zeros) in zip(tensors, before) {
        #expect(Self.zeros(second.network, tensor).isSuperset(of: zeros), "step \(second.step), \(tensor.name)")
      }
    }
    #expect(abs(second.network.sparsity.share - 0.8) < 0.02)
    // Fewer zeros than it has already changes nothing.
    let third = try Self.trainer(1, share: 0.2, threads: 2, network: second.network)
    while try third.nextStep() != nil {}
    #expect(abs(third.network.sparsity.share - 0.8) < 0.02)
  }

  /// Zeros that initial values bring are ordinary weights.
  @Test func zerosOfTheBeginningMayTrain() throws {
    let network = try Network(TestModels.tiny, seed: 1)
    let tensor = try #require(network.tensor("fc1.weight"))
    network.importTensor(tensor, [Float](repeating: 0, count: tensor.range.count))
    #expect(network.sparsity.share > 0.3)
    let trainer = try Self.trainer(0, share: 0.3, threads: 2, network: network)
    _ = try trainer.nextStep()
    #expect(Self.zeros(network, tensor).count < tensor.range.count / 2)
  }

  /// A tensor that a group keeps as it is is not pruned.
  @Test func fixedTensorsAreNotPruned() throws {
    var recipe = TrainingRecipe(optimizer: SGD(), schedule: .constant(0.01), epochs: 1, batchSize: 7, shards: 3)
    recipe.pruning = Pruning(share: 0.9, begin: 0, end: 0.5)
    recipe.groups = [ParameterGroup("conv1.*", rate: 0)]
    let network = try Network(TestModels.tiny, seed: 1)
    let tensor = try #require(network.tensor("conv1.weight"))
    let before = network.exportTensor(tensor)
    let samples = TestSamples.learnable(count: 23, shape: TestModels.tiny.inputShape, classes: 3)
    let trainer = Trainer(network, on: samples, recipe: recipe, team: WorkerTeam(threads: 2))
    while try trainer.nextStep() != nil {}
    #expect(network.exportTensor(tensor) == before)
    #expect(Self.zeros(network, try #require(network.tensor("fc1.weight"))).count > 10)
  }

  /// A last step of pruning that is left out is made up for.
  @Test func aSkippedUpdateIsMadeLater() throws {
    let trainer = try Self.trainer(0, threads: 2)
    let end = try #require(trainer.pruningEnd)
    #expect(end < trainer.totalSteps)
    for _ in 0..<end - 1 { _ = try trainer.nextStep() }
    let share = trainer.network.sparsity.share
    var snapshot = trainer.snapshot()
    // As if the step had been left out: the progress goes on, the numbers stay.
    _ = try trainer.nextStep()
    snapshot.progress = trainer.progress
    trainer.restore(snapshot)
    #expect(trainer.network.sparsity.share == share)
    while try trainer.nextStep() != nil {}
    #expect(abs(trainer.network.sparsity.share - 0.7) < 0.02)
  }
}
