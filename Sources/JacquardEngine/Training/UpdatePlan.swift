/// The end of a step: sums the shards' gradients in a fixed tree and lets the optimizer change the parameters.
///
/// The parameters are cut into chunks that never cross a tensor; the workers share the chunks. Nothing may change unless the whole gradient is
/// finite, and clipping needs its norm. So the workers meet between the sum and the update. The norm is summed over the chunks in order.
final class UpdatePlan: @unchecked Sendable {
  private struct Chunk {
    let tensor: Int
    let range: Range<Int>
  }

  /// Floats of one shard's gradient.
  let count: Int
  /// One gradient per shard, one after the other.
  let shardGradients: Storage<Float>
  /// The optimizer's moments and the kept weights, each as long as the parameters, one after the other.
  let moments: Storage<Float>
  /// The sum over all shards, as long as one shard's gradient.
  let gradient: Storage<Float>
  private let squares: Storage<Double>
  /// For each chunk, the sum of squares of its parameters and moments after the last update.
  private let updatedSquares: Storage<Double>
  /// The moments' names, in their order.
  let momentNames: [String]
  private let network: Network
  private let optimizer: any Optimizer
  /// Slow and averaged weights.
  let kept: KeptWeights
  private let clipNorm: Double?
  private let shards: Int
  private let chunks: [Chunk]
  /// The cost of all chunks before each, to share them evenly.
  private let costs: [Int]
  /// Scratch memory for tensors that are updated as a whole: a part for each worker.
  private let scratch: Storage<Float>
  private let scratchCount: Int
  /// For each tensor, the group that decides; nil for none.
  private let groups: [ParameterGroup?]
  /// For each tensor, the last epoch in which it is frozen.
  private let lastFrozenEpochs: [Int]
  /// For each tensor, the steps in which it is frozen: its own steps begin after them.
  private let frozenSteps: [Int]
  /// When weights are pruned; nil for never.
  private let pruning: PruningSchedule?
  /// The tensors that are pruned, the largest first, and for each tensor whether it is among them.
  private let prunedTensors: [Int]
  private let isPruned: [Bool]
  /// A worker's chunk before an update, which says what is pruned.
  private let before: Storage<Float>
  private let largestChunk: Int
  private static let chunkCount = 4096

  /// - Parameters:
  ///   - frozen: The tensors that keep their values, and until when.
  ///   - lengths: The steps of epochs.
  ///   - steps: The steps of the run.
  init(
    _ network: Network, recipe: TrainingRecipe, frozen: FrozenTensors, lengths: EpochLengths, steps: Int, workers: Int
  ) {
    let (optimizer, shards) = (recipe.optimizer, recipe.shards)
    self.network = network
    self.optimizer = optimizer
    clipNorm = recipe.clipNorm
    self.shards = shards
    count = network.parameters.count
    shardGradients = Storage(count: count * shards)
    gradient = Storage(count: count)
    kept = KeptWeights(recipe, count: count)
    momentNames = optimizer.momentNames + kept.names
    moments = Storage(count: count * momentNames.count)
    var chunks: [Chunk] = []
    var costs = [0]
    var scratchCount = 0
    for (index, tensor) in network.graph.parameters.tensors.enumerated() {
      let whole = optimizer.wholeTensorScratchCount(tensor)
      let size = whole == nil ? Self.chunkCount : max(1, tensor.range.count)
      for start in stride(from: tensor.range.lowerBound, to: tensor.range.upperBound, by: size) {
        let range = start..<min(start + size, tensor.range.upperBound)
        chunks.append(Chunk(tensor: index, range: range))
        // The work on a whole tensor is about that of its products.
        costs.append(
          costs[costs.count - 1] + range.count * (whole == nil ? 1 : tensor.specification.order.fileShape[0]))
      }
      scratchCount = max(scratchCount, whole ?? 0)
    }
    self.chunks = chunks
    self.costs = costs
    self.scratchCount = scratchCount
    scratch = Storage(count: scratchCount * workers)
    let groups = network.graph.parameters.tensors.map(recipe.group)
    self.groups = groups
    pruning = recipe.pruning.map { PruningSchedule($0, steps: steps) }
    let tensors = network.graph.parameters.tensors
    let isPruned = tensors.indices.map { index in
      recipe.pruning != nil && tensors[index].specification.role == .weight
        && groups[index]?.isFrozen(after: 0) != true
    }
    self.isPruned = isPruned
    prunedTensors = tensors.indices.filter { isPruned[$0] }
      .sorted { tensors[$0].range.count > tensors[$1].range.count }
    largestChunk = pruning == nil ? 0 : chunks.map(\.range.count).max() ?? 0
    before = Storage(count: largestChunk * workers)
    lastFrozenEpochs = frozen.lastFrozenEpochs
    frozenSteps = frozen.lastFrozenEpochs.map { $0 == .max ? 0 : lengths.steps(inEpochs: $0) }
    squares = Storage(count: chunks.count)
    updatedSquares = Storage(count: chunks.count)
  }

  /// The tensors that are updated.
  var tensors: [NetworkTensor] { network.graph.parameters.tensors }

  /// The norm of the last gradient before clipping; nil without clipping.
  var gradientNorm: Double? { clipNorm == nil ? nil : norm }

  /// Whether every number of the last gradient was finite: squares of floats stay far below the largest `Double`.
  var isGradientFinite: Bool { norm.isFinite }

  /// Whether every running statistic is finite after the forward pass.
  var areStatesFinite: Bool {
    let states = network.states
    return Kernels.sumOfSquares(states.all).isFinite
  }

  /// Whether every parameter and moment is finite after the last update, if there was one.
  var isUpdateFinite: Bool {
    var sum = 0.0
    for index in chunks.indices { sum += updatedSquares[index] }
    return sum.isFinite
  }

  private var norm: Double {
    var sum = 0.0
    for index in chunks.indices { sum += squares[index] }
    return sum.squareRoot()
  }

  /// Sets the gradient of a shard without images to 0, where a tensor trains in the epoch.
  func clearGradient(ofShard shard: Int, epoch: Int) {
    let shardGradients = shardGradients
    for (index, tensor) in tensors.enumerated() where !isFrozen(index, inEpoch: epoch) {
      let base = shard * count
      var gradient = shardGradients.write(base + tensor.range.lowerBound..<base + tensor.range.upperBound)
      Kernels.fill(&gradient, with: 0)
    }
  }

  private func isFrozen(_ tensor: Int, inEpoch epoch: Int) -> Bool { lastFrozenEpochs[tensor] >= epoch }

  /// One worker's part of the update of step `step`, from 1; nothing changes unless loss, gradient and states are finite.
  ///
  /// - Parameter isSummed: For each tensor, whether its gradient is already summed over the shards and stored in the first shard's place.
  func run(
    worker: Int, crew: Crew, step: Int, epoch: Int, epochs: Double, isSummed: [Bool], learningRate: Float,
    averageShare: Float?, isLossFinite: Bool
  ) {
    let mine = firstChunk(ofWorker: worker, of: crew.count)..<firstChunk(ofWorker: worker + 1, of: crew.count)
    for index in mine {
      let chunk = chunks[index]
      if isFrozen(chunk.tensor, inEpoch: epoch) {
        squares[index] = 0
        continue
      }
      sum(chunk, isSummed: isSummed[chunk.tensor])
      let gradient = gradient
      squares[index] = Kernels.sumOfSquares(gradient.read(chunks[index].range))
    }
    crew.meet()
    // Every worker sums the same numbers in the same order, so all reach the same decision.
    let norm = norm
    guard isLossFinite && norm.isFinite && areStatesFinite else {
      for index in mine { updatedSquares[index] = 0 }
      return
    }
    let scale = clipNorm.map { norm > $0 ? Float($0 / norm) : 1 } ?? 1
    for index in mine {
      apply(
        index, worker: worker, step: step, epoch: epoch, epochs: epochs, learningRate: learningRate,
        averageShare: averageShare,
        gradientScale: scale)
    }
    guard let pruning, pruning.isDue(after: step) else { return }
    crew.meet()
    for place in stride(from: worker, to: prunedTensors.count, by: crew.count) {
      prune(prunedTensors[place], to: pruning.share(after: step), epoch: epoch, epochs: epochs)
    }
  }

  /// Prunes the smallest weights of a tensor until a share of them is, unless it does not train.
  private func prune(_ tensor: Int, to share: Double, epoch: Int, epochs: Double) {
    guard !isFrozen(tensor, inEpoch: epoch), groups[tensor]?.isFrozen(after: epochs) != true else { return }
    let range = tensors[tensor].range
    let (parameters, moments, kept) = (network.parameters, moments, kept)
    var values = parameters.write(range)
    PrunedWeights.prune(&values, to: Int((share * Double(range.count)).rounded())) { index in
      kept.clear(range.lowerBound + index, in: moments)
    }
  }

  /// The step after which the run prunes no more; nil if it never prunes.
  var pruningEnd: Int? { pruning?.last }

  /// The first chunk of a worker's share: the shares follow each other and cost about the same.
  private func firstChunk(ofWorker worker: Int, of workers: Int) -> Int {
    let share = costs[chunks.count] * worker / workers
    var (low, high) = (0, chunks.count)
    while low < high {
      let middle = (low + high) / 2
      if costs[middle] < share { low = middle + 1 } else { high = middle }
    }
    return worker == workers ? chunks.count : low
  }

  private func sum(_ chunk: Chunk, isSummed: Bool) {
    let (gradient, shardGradients) = (gradient, shardGradients)
    var target = gradient.write(chunk.range)
    if isSummed {
      Kernels.copy(shardGradients.read(chunk.range), to: &target)
    } else {
      Kernels.sumShards(shardGradients.all, stride: count, shards: shards, range: chunk.range, into: &target)
    }
  }

  private func apply(
    _ index: Int, worker: Int, step: Int, epoch: Int, epochs: Double, learningRate: Float, averageShare: Float?,
    gradientScale: Float
  ) {
    let chunk = chunks[index]
    let group = groups[chunk.tensor]
    let isFrozen = isFrozen(chunk.tensor, inEpoch: epoch)
    if isFrozen, kept.names.isEmpty {
      updatedSquares[index] = 0
      return
    }
    let start = worker * largestChunk
    if isPruned[chunk.tensor] {
      let (parameters, before) = (network.parameters, before)
      var copy = before.write(start..<start + chunk.range.count)
      Kernels.copy(parameters.read(chunk.range), to: &copy)
    }
    if !isFrozen, group?.isFrozen(after: epochs) != true {
      optimizer.apply(
        ParameterUpdate(
          tensor: network.graph.parameters.tensors[chunk.tensor], range: chunk.range,
          // Moments that have just begun need the corrections of first steps.
          step: step - frozenSteps[chunk.tensor],
          learningRate: learningRate * (group?.rate ?? 1), gradientScale: gradientScale, gradientStorage: gradient,
          parameterStorage: network.parameters, moments: moments, scratchStorage: scratch,
          scratchStart: worker * scratchCount, groupDecay: group?.decay, product: network.options.product))
    }
    // Here, while the chunk is still in the cache.
    let (parameters, moments) = (network.parameters, moments)
    let range = chunk.range
    kept.update(range, step: step, averageShare: averageShare, parameters: parameters, moments: moments)
    if isPruned[chunk.tensor] {
      let before = before
      let old = before.read(start..<start + range.count)
      var values = parameters.write(range)
      PrunedWeights.keep(old, in: &values)
      kept.keepPruned(old, range, in: moments)
    }
    var sum = Kernels.sumOfSquares(parameters.read(range))
    for moment in momentNames.indices {
      let first = moment * count
      sum += Kernels.sumOfSquares(moments.read(first + range.lowerBound..<first + range.upperBound))
    }
    updatedSquares[index] = sum
  }
}
