internal import Samples

/// Computes a step again, stage by stage on the calling thread, to find where the first non-finite number appears.
///
/// The network must be in its state from before the step. This needs as much memory as one training step of all shards.
struct StepDiagnosis {
  private let network: Network
  private let provider: any SampleProvider
  private let execution: Execution
  private let computation: BatchComputation

  /// A diagnosis of a step over these samples.
  init(
    _ network: Network, phase: TrainingPhase, provider: any SampleProvider, recipe: TrainingRecipe,
    teachers: Teachers?, samples: [Int32], epoch: Int
  ) {
    self.network = network
    self.provider = provider
    execution = Execution(
      phase.graph, parameters: network.parameters, states: network.states, isTraining: true,
      batchSize: recipe.batchSize, shards: recipe.shards, workers: 1, hasArenaPerShard: true)
    computation = BatchComputation(
      execution, body: phase.body, gradients: Storage(count: network.parameters.count * recipe.shards),
      loss: recipe.loss, teachers: teachers,
      isMixed: provider.isMixed)
    for (index, sample) in samples.enumerated() { execution.samples[index] = sample }
    computation.begin(images: samples.count, seed: recipe.seed, epoch: epoch, movesStates: false)
  }

  /// The first place with a non-finite number.
  func place() -> StepFault.Place {
    Kernels.flushingDenormals { faultyTensor() ?? faultyInput() ?? faultyStage() ?? faultySum() ?? .nowhere }
  }

  private func faultyTensor() -> StepFault.Place? {
    let (parameters, states) = (network.parameters, network.states)
    let tensors = network.graph.parameters.tensors.first { !isFinite(parameters.read($0.range)) }
    let faulty = tensors ?? network.graph.states.tensors.first { !isFinite(states.read($0.range)) }
    return faulty.map { .tensor(name: $0.name) }
  }

  private func faultyInput() -> StepFault.Place? {
    execution.prepare(worker: 0, workers: 1)
    forEachShard { shard, _ in computation.draw(shard: shard, worker: 0, from: provider) }
    return hasFault(in: [execution.input]) ? .input : nil
  }

  private func faultyStage() -> StepFault.Place? {
    for stage in computation.forwardStages + [.loss] + computation.backwardStages {
      forEachShard { shard, _ in computation.run(stage, shard: shard, worker: 0) }
      if let place = faultyPlace(after: stage) { return place }
    }
    return nil
  }

  /// The first non-finite result of a stage; an operator's results are checked after its last phase.
  private func faultyPlace(after stage: BatchComputation.Stage) -> StepFault.Place? {
    switch stage {
    case .forward(let index, let phase):
      let bound = execution.nodes[index]
      let isFaulty = phase == bound.node.computation.trainingPhases - 1 && hasFault(in: bound.outputs)
      return isFaulty ? .forward(layer: bound.node.name) : nil
    case .loss:
      var isSound = !hasFault(in: [execution.logitGradients])
      forEachShard { shard, _ in isSound = isSound && computation.total(ofShard: shard).loss.isFinite }
      return isSound ? nil : .loss
    case .backward(let index, let phase):
      let bound = execution.nodes[index]
      guard phase == bound.node.computation.trainingPhases - 1 else { return nil }
      let isFaulty = hasFault(in: bound.inputGradients.compactMap(\.self)) || hasFault(inGradientsOf: bound)
      return isFaulty ? .backward(layer: bound.node.name) : nil
    }
  }

  /// The gradients of all shards are finite here, so only their sum remains.
  private func faultySum() -> StepFault.Place? {
    let gradients = computation.gradients
    let faulty = network.graph.parameters.tensors.first { tensor in
      var sum = [Float](repeating: 0, count: tensor.range.count)
      var target = sum.mutableSpan
      Kernels.sumShards(
        gradients.all, stride: network.parameters.count, shards: execution.shards, range: tensor.range, into: &target)
      return !isFinite(sum.span)
    }
    return faulty.map { .sum(tensor: $0.name) }
  }

  private func hasFault(in regions: [Region]) -> Bool {
    var hasFault = false
    forEachShard { shard, memory in
      for region in regions
      where !isFinite(memory.floats.read(region.range(images: computation.layout.count(shard)))) {
        hasFault = true
      }
    }
    return hasFault
  }

  private func hasFault(inGradientsOf bound: BoundNode) -> Bool {
    let gradients = computation.gradients
    var hasFault = false
    forEachShard { shard, _ in
      let base = shard * network.parameters.count
      for range in bound.node.parameters
      where !isFinite(gradients.read(base + range.lowerBound..<base + range.upperBound)) {
        hasFault = true
      }
    }
    return hasFault
  }

  private func forEachShard(_ body: (_ shard: Int, PassMemory) -> Void) {
    for shard in 0..<execution.shards where computation.layout.count(shard) > 0 {
      body(shard, execution.memory(shard: shard, worker: 0))
    }
  }

  /// Squares of floats stay far below the largest `Double`, so their sum is finite if and only if all of them are.
  private func isFinite(_ values: Span<Float>) -> Bool { Kernels.sumOfSquares(values).isFinite }
}
