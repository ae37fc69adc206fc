import JacquardEngine
import Testing

/// Groups choose tensors by name, and change their rate and decay alone.
struct ParameterGroupTests {
  @Test(arguments: [
    ("conv1.weight", "conv1.weight", true), ("conv1.weight", "conv12.weight", false),
    ("conv?.weight", "conv1.weight", true),
    ("conv?.weight", "conv12.weight", false), ("bn*.bias", "bn12.bias", true), ("bn*.bias", "bn1.weight", false),
    ("*", "a", true), ("*.bias", "body.a.bias", true), ("*a*b", "xaxbxb", true), ("*a*b", "xaxbx", false),
    ("a**b", "ab", true), ("?", "", false), ("*", "", true), ("layer*.0.*", "layer1.0.conv1.weight", true),
  ])
  func patternsMatchWholeNames(pattern: String, name: String, matches: Bool) {
    #expect(ParameterGroup(pattern).contains(name) == matches)
  }

  @Test(arguments: [
    "bn*.bias:rate=64", "conv1.weight:rate=0", "fc1.*:decay=0.5", "a:epochs=2.5", "a:rate=0.5,decay=3,epochs=1",
    "a:rate=1",
  ])
  func textsReadBack(text: String) throws {
    #expect(try ParameterGroup(parsing: text).description == text)
  }

  @Test(arguments: [
    "", "a", "a:", ":rate=1", "a:rate", "a:rate=", "a:rate=x", "a:rate=-1", "a:rate=nan", "a:speed=1",
    "a:rate=1:decay=2", "a:rate=1,rate=2", "a:rate=1,",
  ])
  func wrongTextsAreRefused(text: String) {
    #expect(throws: ParameterGroup.ParsingError.self) { try ParameterGroup(parsing: text) }
  }

  /// With plain gradient descent a factor of the rate is a factor of the step, and the last matching group decides.
  @Test func aGroupScalesItsTensorsSteps() throws {
    let plain = try steps([])
    let grouped = try steps([
      ParameterGroup("*", rate: 7), ParameterGroup("*.weight"), ParameterGroup("*.bias", rate: 4),
      ParameterGroup("fc1.*", rate: 0),
    ])
    for (name, step) in plain {
      let found = try #require(grouped[name])
      let factor: Float = name.hasPrefix("fc1.") ? 0 : name.hasSuffix(".bias") ? 4 : 1
      #expect(step.contains { $0 != 0 }, "\(name)")
      for (a, b) in zip(found, step) { #expect(abs(a - factor * b) <= 1e-6 * max(1, abs(factor * b)), "\(name)") }
    }
  }

  /// Two epochs of three steps: after the first, the group's tensors keep their values.
  @Test(arguments: TrainingConfiguration.OptimizerKind.allCases)
  func aGroupStopsAfterItsEpochs(optimizer: TrainingConfiguration.OptimizerKind) throws {
    let network = try Network(TestModels.tiny, seed: 3)
    let trainer = trainer(of: network, [ParameterGroup("conv1.*", epochs: 1)], optimizer: optimizer, epochs: 2)
    var bits: [[UInt32]] = []
    while let step = try trainer.nextStep() {
      if step.step >= 2 { bits.append(network.exportTensor(network.tensors[0]).map(\.bitPattern)) }
    }
    #expect(bits.count == 5)
    #expect(bits[0] != bits[1])
    #expect(Set(bits[1...]).count == 1)
  }

  /// Gradients that only fixed first layers need are not computed; all others are the same.
  @Test func fixedFirstLayersChangeNothingElse() throws {
    func gradients(_ groups: [ParameterGroup]) throws -> [String: [Float]] {
      let network = try Network(TestModels.tiny, seed: 3)
      let trainer = trainer(of: network, groups, optimizer: .sgd, epochs: 1)
      _ = try trainer.nextStep()
      let trained = network.tensors.filter { $0.specification.role != nil }
      return Dictionary(uniqueKeysWithValues: trained.map { ($0.name, trainer.gradient(of: $0)) })
    }
    let all = try gradients([])
    let some = try gradients([ParameterGroup("conv1.*", rate: 0), ParameterGroup("bn1.*", rate: 0)])
    var fixed = 0
    for (name, gradient) in all {
      let isFixed = name.hasPrefix("conv1.") || name.hasPrefix("bn1.")
      fixed += isFixed ? 1 : 0
      #expect(gradient.contains { $0 != 0 }, "\(name)")
      #expect(some[name] == (isFixed ? gradient.map { _ in 0 } : gradient), "\(name)")
    }
    #expect(fixed == 4)
  }

  @Test func decayOfAGroupAppliesToBiases() throws {
    func bias(_ groups: [ParameterGroup]) throws -> [Float] {
      let network = try Network(TestModels.tiny, seed: 3)
      let tensor = try #require(network.tensors.first { $0.name == "bn1.weight" })
      let trainer = trainer(of: network, groups, optimizer: .sgd, epochs: 1, decay: 0.5)
      _ = try trainer.nextStep()
      return network.exportTensor(tensor)
    }
    let (plain, decayed) = (try bias([]), try bias([ParameterGroup("bn1.weight", decay: 1)]))
    // The scale starts at 1, so decay alone moves it by rate · decay.
    for (a, b) in zip(plain, decayed) { #expect(abs((a - b) - 0.01 * 0.5) < 1e-6) }
  }

  private func steps(_ groups: [ParameterGroup]) throws -> [String: [Float]] {
    let network = try Network(TestModels.tiny, seed: 3)
    let before = network.tensors.map(network.exportTensor)
    _ = try trainer(of: network, groups, optimizer: .sgd, epochs: 1).nextStep()
    var steps: [String: [Float]] = [:]
    for (tensor, values) in zip(network.tensors, before) where tensor.specification.role != nil {
      steps[tensor.name] = zip(network.exportTensor(tensor), values).map { $0 - $1 }
    }
    return steps
  }

  private func trainer(
    of network: Network, _ groups: [ParameterGroup], optimizer: TrainingConfiguration.OptimizerKind, epochs: Int,
    decay: Double = 0
  ) -> Trainer {
    var configuration = TrainingConfiguration()
    configuration.optimizer = optimizer
    configuration.learningRate = 0.01
    configuration.epochs = epochs
    configuration.batchSize = 6
    configuration.shards = 3
    configuration.weightDecay = decay
    var recipe = configuration.recipe
    recipe.groups = groups
    return Trainer(
      network, on: TestSamples.learnable(count: 18, shape: network.model.inputShape, classes: 3), recipe: recipe,
      team: WorkerTeam(threads: 2))
  }
}
