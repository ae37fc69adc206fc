/// Computes a step again, operator by operator on the calling thread, to find where numbers stop being finite.
///
/// The network must be as it was before the step. Takes as much memory as one training step of all shards.
struct StepDiagnosis {
  private let network: Network
  private let provider: any SampleProvider
  private let recipe: TrainingRecipe
  private let execution: Execution
  private let layout: ShardLayout
  private let epoch: Int
  private let gradients: Storage<Float>

  init(
    _ network: Network, provider: any SampleProvider, recipe: TrainingRecipe, samples: [Int32], epoch: Int
  ) {
    self.network = network
    self.provider = provider
    self.recipe = recipe
    self.epoch = epoch
    layout = ShardLayout(images: samples.count, shards: recipe.shards)
    execution = Execution(
      network.graph, parameters: network.parameters, states: network.states, isTraining: true,
      batchSize: recipe.batchSize, shards: recipe.shards, workers: 1, hasArenaPerShard: true)
    gradients = Storage(count: network.parameters.count * recipe.shards)
    for (index, sample) in samples.enumerated() { execution.samples[index] = sample }
  }

  /// The first place with a number that is not finite.
  func place() -> StepFault.Place {
    Kernels.flushingDenormals {
      faultyTensor() ?? faultyInput() ?? faultyForward() ?? faultyLoss() ?? faultyBackward() ?? faultySum() ?? .nowhere
    }
  }

  private func faultyTensor() -> StepFault.Place? {
    let (parameters, states) = (network.parameters, network.states)
    let tensors = network.graph.parameters.tensors.first { !isFinite(parameters.read($0.range)) }
    let faulty = tensors ?? network.graph.states.tensors.first { !isFinite(states.read($0.range)) }
    return faulty.map { .tensor(name: $0.name) }
  }

  private func faultyInput() -> StepFault.Place? {
    execution.prepare(worker: 0, workers: 1)
    var isSound = true
    forEachShard { shard, memory in
      let images = layout.count(shard)
      var inputs = memory.floats.write(execution.input.range(images: images))
      var labels = memory.labels.write(layout.range(shard))
      provider.draw(memory.samples.read(layout.range(shard)), epoch: epoch, into: &inputs, labels: &labels)
      isSound = isSound && isFinite(inputs.span)
    }
    return isSound ? nil : .input
  }

  private func faultyForward() -> StepFault.Place? {
    for bound in execution.nodes {
      for phase in 0..<bound.node.computation.trainingPhases {
        forEachShard { shard, memory in execution.forward(pass(bound, memory, shard, phase)) }
      }
      if hasFault(in: bound.outputs) { return .forward(layer: bound.node.name) }
    }
    return nil
  }

  private func faultyLoss() -> StepFault.Place? {
    var isSound = true
    forEachShard { shard, memory in
      let images = layout.count(shard)
      var gradient = memory.floats.write(execution.logitGradients.range(images: images))
      let sum = recipe.loss.sumAndGradient(
        logits: memory.floats.read(execution.logits.range(images: images)),
        labels: memory.labels.read(layout.range(shard)), classes: execution.logits.perImage,
        scale: 1 / Float(layout.images), gradient: &gradient)
      isSound = isSound && sum.isFinite && isFinite(gradient.span)
    }
    return isSound ? nil : .loss
  }

  private func faultyBackward() -> StepFault.Place? {
    let count = network.parameters.count
    let gradients = gradients
    for bound in execution.nodes.reversed() where bound.hasBackward {
      for phase in 0..<bound.node.computation.trainingPhases {
        forEachShard { shard, memory in
          bound.node.computation.backward(
            BackwardPass(forward: pass(bound, memory, shard, phase), gradients: gradients, parameterCount: count))
        }
      }
      var isSound = !hasFault(in: bound.inputGradients.compactMap(\.self))
      forEachShard { shard, _ in
        for range in bound.node.parameters {
          let base = shard * count
          isSound = isSound && isFinite(gradients.read(base + range.lowerBound..<base + range.upperBound))
        }
      }
      if !isSound { return .backward(layer: bound.node.name) }
    }
    return nil
  }

  /// The gradients of the shards are all finite here, so what is left is their sum.
  private func faultySum() -> StepFault.Place? {
    let gradients = gradients
    let shards = recipe.shards
    let faulty = network.graph.parameters.tensors.first { tensor in
      var sum = [Float](repeating: 0, count: tensor.range.count)
      var target = sum.mutableSpan
      Kernels.sumShards(
        gradients.all, stride: network.parameters.count, shards: shards, range: tensor.range, into: &target)
      return !isFinite(sum.span)
    }
    return faulty.map { .sum(tensor: $0.name) }
  }

  private func hasFault(in regions: [Region]) -> Bool {
    var hasFault = false
    forEachShard { shard, memory in
      for region in regions where !isFinite(memory.floats.read(region.range(images: layout.count(shard)))) {
        hasFault = true
      }
    }
    return hasFault
  }

  private func forEachShard(_ body: (_ shard: Int, PassMemory) -> Void) {
    for shard in 0..<layout.shards where layout.count(shard) > 0 {
      body(shard, execution.memory(shard: shard, worker: 0))
    }
  }

  private func pass(_ bound: BoundNode, _ memory: PassMemory, _ shard: Int, _ phase: Int) -> ForwardPass {
    ForwardPass(
      bound: bound, memory: memory, layout: layout, isTraining: true, movesStates: false, seed: recipe.seed,
      epoch: epoch, shard: shard, phase: phase)
  }

  /// Squares of floats stay far below the largest `Double`, so their sum is finite if and only if all of them are.
  private func isFinite(_ values: Span<Float>) -> Bool { Kernels.sumOfSquares(values).isFinite }
}
