import JacquardEngine
import TestSupport
import Testing

/// Steps whose loss or gradient is not finite: detected, located, and undone.
struct TrainerFaultTests {
  @Test func placesAreNamed() throws {
    let sound: [Float] = [1, 2]
    #expect(try fault(images: [1, .infinity])?.place == .input)
    #expect(try fault(images: sound) { $0["fc1.weight"] = .nan }?.place == .tensor(name: "fc1.weight"))
    #expect(try fault(images: sound) { $0["fc1.weight"] = 3e38 }?.place == .forward(layer: "fc1"))
    #expect(try fault(images: sound) { $0["fc2.bias"] = 3e38 }?.place == .loss)
    // Logits of ±60 with the wrong sign, from a tiny activation and huge weights: the gradient of the activation is
    // their difference, once it is not halved by a second image.
    let steep = { (values: inout [String: Float]) in
      values["fc1.weight"] = 2e-37
      values["fc2.weight"] = 3e38
    }
    #expect(try fault(images: [1], change: steep)?.place == .backward(layer: "fc2"))
    #expect(try fault(images: [1, 1], change: steep)?.place == .sum(tensor: "fc1.weight"))
    #expect(try fault(images: sound) == nil)
  }

  @Test func whatIsReportedIsTheStep() throws {
    let fault = try #require(try fault(images: [1, .nan], batchesBefore: 3))
    #expect(fault.step == 4)
    #expect(fault.epoch == 1)
    #expect(fault.samples == [6, 7])
    #expect(fault.learningRate == 1e-3)
    #expect(!fault.loss.isFinite)
  }

  /// The images of a batch, in a shuffled epoch, corrupt batch norm's running statistics along the way.
  @Test(arguments: [1, 2, 3, 4, 8], [nil, 0.5])
  func aFaultLeavesNoTrace(threads: Int, clipNorm: Double?) throws {
    let trainer = try makeTrainer(threads: threads, clipNorm: clipNorm, poisoned: 5)
    let before = trainer.snapshot()
    var faults: [StepFault] = []
    trainer.run { event in
      guard case .fault(let fault) = event else { return .proceed }
      faults.append(fault)
      return .stop
    }
    #expect(faults.map(\.step) == [2])
    #expect(faults.first?.samples == [4, 5, 6, 7])
    #expect(faults.first?.place == .input)
    #expect(trainer.step == 1)
    #expect(before.progress.step == 0)

    let sound = try makeTrainer(threads: 1, clipNorm: clipNorm, poisoned: nil)
    sound.run { event in if case .step = event { .stop } else { .proceed } }
    #expect(trainer.network.bits == sound.network.bits, "as after the step before")
    let tensors = trainer.network.tensors.filter { $0.specification.role != nil }
    for name in trainer.momentNames {
      for tensor in tensors {
        #expect(trainer.snapshot().moment(name, of: tensor) == sound.snapshot().moment(name, of: tensor))
      }
    }
  }

  @Test func aStepThatIsLeftOutCountsAsAStep() throws {
    var results: [[[UInt32]]] = []
    for threads in [1, 2, 3, 4, 8] {
      let trainer = try makeTrainer(threads: threads, clipNorm: nil, poisoned: 5)
      var steps: [Int] = []
      var epochs: [EpochReport] = []
      var faults: [Int] = []
      trainer.run { event in
        switch event {
        case .step(let report): steps.append(report.step)
        case .epoch(let report): epochs.append(report)
        case .fault(let fault): faults.append(fault.step)
        }
        return .proceed
      }
      #expect(steps == [1, 3, 4, 6])
      #expect(faults == [2, 5])
      #expect(epochs.map(\.images) == [8, 8], "without the four of the step that was left out")
      #expect(epochs.map(\.step) == [3, 6])
      #expect(epochs.allSatisfy { $0.isComplete && $0.loss.isFinite })
      results.append(trainer.network.bits)
    }
    #expect(Set(results).count == 1)
  }

  @Test func goingBackRepeatsTheEpoch() throws {
    let trainer = try makeTrainer(threads: 2, clipNorm: nil, poisoned: 5)
    let start = trainer.snapshot()
    var steps: [Int] = []
    trainer.run { event in
      switch event {
      case .step(let report): steps.append(report.step)
      case .epoch: break
      case .fault: return steps.count < 3 ? .restart(start) : .stop
      }
      return .proceed
    }
    #expect(steps == [1, 1, 1])
  }

  private typealias Values = [String: Float]

  /// The fault of the first step of two dense layers, one feature wide, on a batch of these images, all of class 1.
  ///
  /// Each tensor is filled with its value, the second column of a weight or bias with its negative.
  private func fault(
    images: [Float], batchesBefore: Int = 0, change: (inout Values) -> Void = { _ in }
  ) throws -> StepFault? {
    let model = Model(
      name: "chain", inputShape: .vector(1), classNames: ["a", "b"],
      preprocessing: Normalization(mean: [0], deviation: [1])
    ) {
      Dense(1)
      Dense(2)
    }
    let network = try Network(awaitingWeights: model)
    var values: Values = ["fc1.weight": 0.5, "fc1.bias": 0, "fc2.weight": 0.5, "fc2.bias": 0]
    change(&values)
    for tensor in network.tensors {
      let value = try #require(values[tensor.name])
      network.importTensor(tensor, (0..<tensor.range.count).map { $0 == 0 ? value : -value })
    }
    var configuration = TrainingConfiguration()
    configuration.batchSize = images.count
    configuration.shards = 2
    configuration.epochs = 1
    let all = [Float](repeating: 1, count: batchesBefore * images.count) + images
    let trainer = Trainer(
      network: network, configuration: configuration,
      provider: TestSamples(shape: .vector(1), images: all, labels: all.map { _ in 1 }), team: WorkerTeam(threads: 2))
    var found: StepFault?
    trainer.run { event in
      guard case .fault(let fault) = event else { return .proceed }
      found = fault
      return .stop
    }
    return found
  }

  /// Two epochs of three steps over twelve images, of which one may hold infinity.
  private func makeTrainer(threads: Int, clipNorm: Double?, poisoned: Int?) throws -> Trainer {
    let model = TestModels.tiny
    var configuration = TrainingConfiguration()
    configuration.batchSize = 4
    configuration.shards = 3
    configuration.epochs = 2
    configuration.clipNorm = clipNorm
    let network = try Network(model, seed: 3)
    let samples = TestSamples.learnable(count: 12, shape: model.inputShape, classes: 3)
    var images = samples.images
    if let poisoned { images[poisoned * model.inputShape.count + 17] = .infinity }
    return Trainer(
      network: network, configuration: configuration,
      provider: TestSamples(shape: model.inputShape, images: images, labels: samples.labels),
      team: WorkerTeam(threads: threads))
  }
}
