import Jacquard
import Testing

/// What a user of the package can do, from a target that sees only public symbols: an optimizer, a loss, a schedule and a layer that the package does
/// not know.
struct OutsideTests {
  private static let model = Model(
    name: "outside", inputShape: .image(height: 6, width: 6, channels: 2), classNames: ["a", "b", "c"]
  ) {
    ChannelScale(initial: 0.75)
    Conv2D(outputChannels: 5, kernelSize: 3)
    ChannelScale(initial: 1.5)
    ReLU()
    Residual {
      BatchNorm2D()
      ChannelScale(initial: 0.5)
    }
    Flatten()
    Dropout(0.1)
    Dense(3)
  }

  /// 23 images in batches of 7: the last of an epoch has two, fewer than there are shards.
  private static func trainer(threads: Int, loss: SquaredDistance = SquaredDistance()) throws -> Trainer {
    Trainer(
      try Network(model, seed: 3), on: BrightPixels(count: 23, shape: model.inputShape, classes: 3),
      optimizer: Momentum(), schedule: HarmonicDecay(first: 0.05), loss: loss, epochs: 6, batchSize: 7, shards: 3,
      clipNorm: 5, seed: 2, team: WorkerTeam(threads: threads))
  }

  private static func losses(_ trainer: Trainer, steps: Int = .max) throws -> [Double] {
    var losses: [Double] = []
    while losses.count < steps, let step = try trainer.nextStep() { losses.append(step.loss) }
    return losses
  }

  private static func bits(_ network: Network) -> [[UInt32]] {
    network.tensors.map { network.exportTensor($0).map(\.bitPattern) }
  }

  @Test func everyNumberOfThreadsGivesTheSameBits() throws {
    let alone = try Self.trainer(threads: 1)
    let losses = try Self.losses(alone)
    #expect(losses.count == 24)
    #expect(losses[23] < losses[0] / 2, "\(losses)")
    for threads in [2, 3] {
      let together = try Self.trainer(threads: threads)
      #expect(try Self.losses(together) == losses, "\(threads) threads")
      #expect(Self.bits(together.network) == Self.bits(alone.network), "\(threads) threads")
    }
  }

  /// Through named values, as a program would keep them in its own file format.
  @Test(arguments: [1, 4, 9])
  func aRunGoesOnFromASnapshot(stop: Int) throws {
    let whole = try Self.trainer(threads: 1)
    let losses = try Self.losses(whole)
    let first = try Self.trainer(threads: 2)
    let begun = try Self.losses(first, steps: stop)
    let kept = first.snapshot()
    #expect(kept.momentNames == ["velocity"])
    let second = try Self.trainer(threads: 3)
    let parameters = first.network.tensors.filter { $0.specification.role != nil }
    #expect(parameters.contains { kept.moment("velocity", of: $0).contains { $0 != 0 } })
    second.restore(
      TrainerSnapshot(
        progress: kept.progress, of: second.network,
        numbers: NetworkSnapshot(of: second.network) { kept.network.values(of: $0) }, momentNames: kept.momentNames
      ) { kept.moment($0, of: $1) })
    #expect(try begun + Self.losses(second) == losses)
    #expect(Self.bits(second.network) == Self.bits(whole.network))
  }

  /// The same training again in plain loops and in Double: a dense layer, the loss, the momentum and the schedule.
  @Test func aTrainingIsThatOfPlainLoops() throws {
    let (count, features, classes, epochs) = (8, 3, 2, 4)
    let model = Model(
      name: "linear", inputShape: .vector(features), classNames: ["a", "b"],
      preprocessing: Normalization(mean: [0], deviation: [1])
    ) { Dense(classes) }
    let network = try Network(model, seed: 1)
    let samples = BrightPixels(count: count, shape: model.inputShape, classes: classes)
    var weights = network.tensors.map { network.exportTensor($0).map(Double.init) }
    let trainer = Trainer(
      network, on: samples, optimizer: Momentum(keep: 0.8), schedule: HarmonicDecay(first: 0.2),
      loss: SquaredDistance(), epochs: epochs, batchSize: count, shards: 3, team: WorkerTeam(threads: 2))
    let losses = try Self.losses(trainer)

    var velocity = weights.map { $0.map { _ in 0.0 } }
    for epoch in 0..<epochs {
      var gradient = weights.map { $0.map { _ in 0.0 } }
      var loss = 0.0
      for image in 0..<count {
        let x = (0..<features).map { Double(samples.images[image * features + $0]) }
        for output in 0..<classes {
          let sum = (0..<features).reduce(weights[1][output]) { $0 + weights[0][output * features + $1] * x[$1] }
          let difference = sum - (Int(samples.labels[image]) == output ? 1 : 0)
          loss += difference * difference / 2
          gradient[1][output] += difference / Double(count)
          for input in 0..<features { gradient[0][output * features + input] += difference * x[input] / Double(count) }
        }
      }
      #expect(abs(losses[epoch] - loss / Double(count)) < 1e-6, "epoch \(epoch)")
      for tensor in 0..<2 {
        for index in weights[tensor].indices {
          velocity[tensor][index] = 0.8 * velocity[tensor][index] + gradient[tensor][index]
          weights[tensor][index] -= 0.2 / Double(1 + epoch) * velocity[tensor][index]
        }
      }
    }
    for (tensor, expected) in zip(network.tensors, weights) {
      for (found, value) in zip(network.exportTensor(tensor), expected) {
        #expect(abs(Double(found) - value) < 1e-6, "\(tensor.name)")
      }
    }
  }

  /// A user's loss is diagnosed like ours.
  @Test func aLossThatIsNotFiniteIsFound() throws {
    let trainer = try Self.trainer(threads: 2, loss: SquaredDistance(faultyLabel: 2))
    let before = Self.bits(trainer.network)
    let fault = #expect(throws: StepFault.self) { while try trainer.nextStep() != nil {} }
    #expect(fault?.place == .loss)
    #expect(fault?.isUndone == true)
    if fault?.step == 1 { #expect(Self.bits(trainer.network) == before) }
  }

  /// A model with a user's layer is stored as JSON, and can be read by programs that know the layer.
  @Test func aLayerIsKeptAsJSON() throws {
    let text = try Self.model.json()
    #expect(try Model(json: text, layers: [ChannelScale.self]) == Self.model)
    let error = #expect(throws: ModelError.self) { try Model(json: text) }
    #expect(
      error.map { "\($0)" }?.contains(#"there is no layer type "channel_scale""#) == true,
      "\(String(describing: error))")
    let misspelled = text.replacing(#""channel_scale""#, with: #""channel_scales""#, maxReplacements: 1)
    let hint = #expect(throws: ModelError.self) { try Model(json: misspelled, layers: [ChannelScale.self]) }
    #expect(hint.map { "\($0)" }?.contains(#"did you mean "channel_scale"?"#) == true, "\(String(describing: hint))")
  }
}
