import JacquardEngine
import TestSupport
import Testing

/// Every optimizer follows its rule over several steps, given the gradients that the engine computed.
struct OptimizerTests {
  private static let steps = 6

  private static let cases: [(String, @Sendable (inout TrainingConfiguration) -> Void)] = [
    ("sgd", { $0.optimizer = .sgd }),
    ("sgd, decay", { ($0.optimizer, $0.weightDecay) = (.sgd, 0.1) }),
    ("sgd, momentum", { ($0.optimizer, $0.momentum) = (.sgd, 0.9) }),
    ("sgd, momentum, decay", { ($0.optimizer, $0.momentum, $0.weightDecay) = (.sgd, 0.9, 0.1) }),
    ("sgd, nesterov", { ($0.optimizer, $0.momentum, $0.nesterov) = (.sgd, 0.8, true) }),
    (
      "sgd, nesterov, decay",
      { ($0.optimizer, $0.momentum, $0.nesterov, $0.weightDecay) = (.sgd, 0.8, true, 0.1) }
    ),
    ("adam", { $0.optimizer = .adam }),
    ("adam, decay", { ($0.optimizer, $0.weightDecay) = (.adam, 0.1) }),
    ("adamw", { $0.optimizer = .adamw }),
    ("adamw, decay", { ($0.optimizer, $0.weightDecay) = (.adamw, 0.1) }),
    ("lion", { $0.optimizer = .lion }),
    ("lion, decay", { ($0.optimizer, $0.weightDecay) = (.lion, 0.1) }),
    ("muon", { $0.optimizer = .muon }),
    ("muon, decay", { ($0.optimizer, $0.weightDecay) = (.muon, 0.1) }),
  ]

  @Test(arguments: Self.cases.map(\.0), [false, true])
  func followsItsRule(name: String, clips: Bool) throws {
    let change = try #require(Self.cases.first { $0.0 == name }).1
    var configuration = Self.configuration()
    change(&configuration)
    if clips { configuration.clipNorm = 0.5 }
    let trainer = try makeTrainer(configuration)
    let tensors = trainer.network.tensors.filter { $0.specification.role != nil }
    var rules = tensors.map {
      OptimizerRule(
        configuration, shape: $0.specification.order.fileShape,
        parameters: trainer.network.exportTensor($0))
    }
    var clipped = 0
    trainer.run { event in
      guard case .step(let report) = event else { return .proceed }
      let gradients = tensors.map { trainer.gradient(of: $0).map { Double($0) } }
      let norm = gradients.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }.squareRoot()
      let scale = clips && norm > 0.5 ? 0.5 / norm : 1
      if scale < 1 { clipped += 1 }
      for index in rules.indices {
        rules[index].apply(gradient: gradients[index].map { $0 * scale }, learningRate: report.learningRate)
      }
      return .proceed
    }
    #expect(clips == (clipped > 0), "clipping must be seen to act")
    for (tensor, rule) in zip(tensors, rules) {
      // Each step rounds the parameter once, and its change is a few digits less exact than single precision.
      let bounds = zip(rule.parameters, rule.movement).map { Double(Self.steps) * 0x1p-23 * abs($0) + 2e-6 * $1 }
      expectClose(
        trainer.network.exportTensor(tensor), rule.parameters, relativeTo: .values(bounds), tolerance: 1,
        "\(name): \(tensor.name)")
    }
  }

  @Test func everyOptimizerHasACase() {
    let kinds = Self.cases.map { name, change in
      var configuration = TrainingConfiguration()
      change(&configuration)
      return configuration.optimizer
    }
    #expect(Set(kinds) == Set(TrainingConfiguration.OptimizerKind.allCases))
  }

  @Test(arguments: TrainingConfiguration.OptimizerKind.allCases)
  func decayLeavesBiasesAndNormsAlone(kind: TrainingConfiguration.OptimizerKind) throws {
    var configuration = Self.configuration()
    configuration.optimizer = kind
    configuration.maxSteps = 1
    var networks: [Network] = []
    for decay in [0, 0.5] {
      configuration.weightDecay = decay
      let trainer = try makeTrainer(configuration)
      trainer.run { _ in .proceed }
      networks.append(trainer.network)
    }
    for tensor in networks[0].tensors where tensor.specification.role != nil {
      let isWeight = tensor.specification.order.fileShape.count > 1
      #expect(tensor.specification.role == (isWeight ? .weight : .bias), "\(tensor.name)")
      let (without, with) = (networks[0].exportTensor(tensor), networks[1].exportTensor(tensor))
      #expect((without == with) == !isWeight, "\(tensor.name)")
    }
  }

  @Test func clippingActsExactlyAboveTheNorm() throws {
    var configuration = Self.configuration()
    configuration.optimizer = .sgd
    configuration.maxSteps = 1
    func train(_ clipNorm: Double?) throws -> (norm: Double?, network: Network) {
      configuration.clipNorm = clipNorm
      let trainer = try makeTrainer(configuration)
      var norm: Double?
      trainer.run { event in
        if case .step(let report) = event { norm = report.gradientNorm }
        return .proceed
      }
      return (norm, trainer.network)
    }
    let free = try train(nil).network
    let norm = try #require(try train(1e9).norm)
    #expect(norm > 0.1)
    for (share, isClipped) in [(2.0, false), (1, false), (0.999, true), (0.1, true)] {
      let (found, network) = try train(norm * share)
      #expect(found == norm, "the report gives the norm before clipping")
      #expect((network.bits == free.bits) == !isClipped, "clip norm \(share) of the gradient's")
    }
  }

  private static func configuration() -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.epochs = 100
    configuration.maxSteps = steps
    configuration.batchSize = 6
    configuration.shards = 3
    configuration.learningRate = 0.01
    // A different rate at every step.
    configuration.schedule = .cosine
    return configuration
  }

  /// Weights, biases and norms away from their initial values, so that decay affects each of them.
  private func makeTrainer(_ configuration: TrainingConfiguration) throws -> Trainer {
    let network = try Network(TestModels.tiny, seed: 3)
    var random = TestRandom(seed: 9)
    for tensor in network.tensors where tensor.specification.order.fileShape.count == 1 {
      if tensor.specification.role != nil {
        network.importTensor(tensor, random.uniform(tensor.range.count, in: 0.25...1.25))
      }
    }
    return Trainer(
      network: network, configuration: configuration,
      provider: TestSamples.learnable(count: 18, shape: network.model.inputShape, classes: 3),
      team: WorkerTeam(threads: 2))
  }
}
