import JacquardEngine
import TestSupport
import Testing

/// Two training steps from the same weights on the same batch give PyTorch's results.
///
/// Every tolerance is a deviation that PyTorch's own float32 shows against its float64, times `allowance`: another
/// order of additions may be a few times further off. A wrong factor or a swapped index is off by at least a few per
/// cent, a thousand times as much and more.
struct PyTorchStepTests {
  private static let allowance = 8.0
  private static let cases = TestModels.quickNames.flatMap { name in
    // PyTorch has neither Lion nor our Muon; `OptimizerTests` checks their rules.
    TrainingConfiguration.OptimizerKind.allCases.filter { $0 != .lion && $0 != .muon }.flatMap { kind in
      [1, 8].map { (name, kind, $0) }
    }
  }

  @Test(arguments: Self.cases)
  func twoStepsAgree(name: String, kind: TrainingConfiguration.OptimizerKind, shards: Int) throws {
    let fixture = try PyTorchFixture.load()
    let expected = try #require(fixture.models[name])
    let run = try #require(expected.runs[kind.rawValue])
    let settings = try #require(fixture.optimizers[kind.rawValue])
    // Adam's first step uses little but the sign of a gradient, so a rounding near zero becomes a whole step: only products without transforms round
    // like PyTorch's there.
    let options = ComputeOptions(algorithm: kind == .sgd ? .auto : .im2col)
    let network = try Network(awaitingWeights: .named(name), options: options)
    try importInitialValues(expected, into: network)
    let initial = network.allValues
    let samples = TestSamples(
      shape: network.model.inputShape, images: PyTorchInputs.images(expected), labels: PyTorchInputs.labels(expected))
    let trainer = Trainer(
      network: network, configuration: configuration(kind, settings, batch: expected.batch, shards: shards),
      provider: samples, team: WorkerTeam(threads: 2))
    var losses: [Float] = []
    trainer.run { event in
      guard case .step(let report) = event else { return .proceed }
      losses.append(Float(report.loss))
      if report.step == 1 { expectFirstStep(trainer, expected, run.float32_deviation) }
      return .proceed
    }
    let deviation = run.float32_deviation
    expectClose(losses, run.losses, relativeTo: .each, tolerance: Self.allowance * deviation.losses, "losses")
    for (index, tensor) in network.tensors.enumerated() {
      let found = network.exportTensor(tensor)
      let entry = try #require(expected.tensors.first { $0.name == tensor.name })
      let after = try #require(run.after[tensor.name])
      expectDigest(found, after, at: entry.at, deviation: deviation.after, "\(tensor.name) after both steps")
      guard tensor.specification.role != nil else { continue }
      // The change of both steps, so that a much larger initial value does not hide a wrong step.
      let moved = zip(after.values, entry.initial.values).map { $0 - $1 }
      expectNorm(
        entry.at.map { found[$0] - initial[index][$0] }, moved, deviation: deviation.update,
        "\(tensor.name): what both steps moved")
    }
    expectLogits(network, samples, run.eval_logits, deviation.eval_logits, "inference after both steps")
  }

  /// The batch and the initial values equal the fixture's bit for bit; otherwise no comparison would mean anything.
  @Test(arguments: TestModels.quickNames)
  func inputsAreThoseOfTheFixture(name: String) throws {
    let expected = try #require(try PyTorchFixture.load().models[name])
    let network = try Network(awaitingWeights: .named(name))
    try importInitialValues(expected, into: network)
    #expect(network.parameterCount == expected.parameters)
    #expect(PyTorchInputs.labels(expected) == expected.labels)
    let images = PyTorchInputs.images(expected)
    expectClose(expected.images.at.map { images[$0] }, expected.images.values, relativeTo: .each, tolerance: 1e-10)
    #expect(abs(images.reduce(0) { $0 + Double($1) } - expected.images.sum) < 1e-6)
    #expect(network.tensors.map(\.name).sorted() == expected.tensors.map(\.name).sorted())
    for tensor in network.tensors {
      let entry = try #require(expected.tensors.first { $0.name == tensor.name })
      #expect(tensor.specification.order.fileShape == entry.shape, "\(tensor.name)")
      expectDigest(network.exportTensor(tensor), entry.initial, at: entry.at, deviation: 1e-11, "\(tensor.name)")
    }
  }

  /// In training mode, where batch norms use the batch's statistics; the loss alone would not detect a permuted batch.
  @Test(arguments: TestModels.quickNames, [1, 8])
  func firstLogitsAgree(name: String, shards: Int) throws {
    let expected = try #require(try PyTorchFixture.load().models[name])
    let network = try Network(awaitingWeights: .named(name))
    try importInitialValues(expected, into: network)
    let model = network.model
    let probe = try LayerProbe(model.layers, input: model.inputShape, images: expected.batch, shards: shards)
    for tensor in network.tensors {
      var values = [Float](repeating: 0, count: tensor.range.count)
      for (index, value) in zip(tensor.specification.order.indicesInFileOrder, network.exportTensor(tensor)) {
        values[index] = value
      }
      probe[tensor] = values
    }
    let logits = probe.forward(PyTorchInputs.images(expected))
    let rows = expected.logits.flatMap { $0 }
    let deviation = try #require(expected.runs["sgd"]?.float32_deviation.logits)
    expectNorm(Array(logits.prefix(rows.count)), rows, deviation: deviation, "\(name), \(shards) shards")
  }

  private func expectFirstStep(
    _ trainer: Trainer, _ expected: PyTorchFixture.Case, _ deviation: PyTorchFixture.Deviation
  ) {
    for entry in expected.tensors {
      guard let tensor = trainer.network.tensor(entry.name) else {
        Issue.record("\(entry.name) is missing")
        continue
      }
      if let gradient = entry.gradient {
        expectDigest(
          trainer.gradient(of: tensor), gradient, at: entry.at, deviation: deviation.gradient,
          "gradient of \(entry.name)")
      } else if let state = entry.after_first_step {
        expectDigest(
          trainer.network.exportTensor(tensor), state, at: entry.at, deviation: deviation.after,
          "\(entry.name) after one step")
      }
    }
  }

  private func expectLogits(
    _ network: Network, _ samples: TestSamples, _ expected: [[Double]], _ deviation: Double, _ context: String
  ) {
    let answers = Predictor(network, team: WorkerTeam(threads: 1)).logits(of: samples)
    let rows = Array(answers?.logits.prefix(expected.count * expected[0].count) ?? [])
    expectNorm(rows, expected.flatMap { $0 }, deviation: deviation, context)
  }

  private func importInitialValues(_ expected: PyTorchFixture.Case, into network: Network) throws {
    try network.initialize(seed: 1)
    for (ordinal, entry) in expected.tensors.filter({ $0.gradient != nil }).enumerated() {
      let tensor = try #require(network.tensor(entry.name))
      network.importTensor(tensor, PyTorchInputs.initial(tensor, ordinal: ordinal))
    }
  }

  private func configuration(
    _ kind: TrainingConfiguration.OptimizerKind, _ settings: PyTorchFixture.OptimizerSettings, batch: Int, shards: Int
  ) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.epochs = 2
    configuration.batchSize = batch
    configuration.shards = shards
    configuration.optimizer = kind
    configuration.learningRate = settings.lr
    configuration.momentum = settings.momentum ?? 0
    configuration.nesterov = settings.nesterov ?? false
    configuration.weightDecay = settings.weight_decay
    return configuration
  }

  /// Sum, norm and sampled values of a tensor are within the allowance of a deviation that is relative to its norm.
  private func expectDigest(
    _ found: [Float], _ expected: PyTorchFixture.Digest, at: [Int], deviation: Double, _ context: String
  ) {
    let tolerance = Self.allowance * deviation
    let sum = found.reduce(0) { $0 + Double($1) }
    let norm = found.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    let root = Double(found.count).squareRoot()
    #expect(abs(sum - expected.sum) <= tolerance * expected.norm * root, "\(context): sum \(sum), \(expected.sum)")
    #expect(abs(norm - expected.norm) <= tolerance * expected.norm, "\(context): norm \(norm), \(expected.norm)")
    // A single element may have a larger error than the mean, hence twice the root mean square.
    let scale = 2 * expected.norm / root
    expectClose(
      at.map { found[$0] }, expected.values,
      relativeTo: .values(expected.values.map { max(scale, abs($0)) }), tolerance: tolerance, context)
  }

  /// ‖found − expected‖ is within the allowance of a deviation relative to ‖expected‖.
  private func expectNorm(_ found: [Float], _ expected: [Double], deviation: Double, _ context: String) {
    #expect(found.count == expected.count, "\(context)")
    let distance = zip(found, expected).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }.squareRoot()
    let norm = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(distance <= Self.allowance * deviation * norm, "\(context): \(distance / norm) off")
  }
}
