internal import Samples

/// A network's operators bound to the memory of one batch; `Trainer` and `Predictor` run it.
///
/// Memory is one arena of activations, gradients and saved bytes per shard. If no operator needs all shards at once, shards run one after the other,
/// so each worker reuses one arena, which stays in its cache.
final class Execution: Sendable {
  let nodes: [BoundNode]
  let isTraining: Bool
  let shards: Int
  let capacity: Int
  let input: Region
  let logits: Region
  let logitGradients: Region
  let inputGradients: Region
  let samples: Storage<Int32>
  private let labels: Storage<Int32>
  private let parameters: Storage<Float>
  private let states: Storage<Float>
  let prepared: Storage<Float>
  private let exchange: Storage<Float>
  private let shared: Storage<Float>
  private let floats: [Storage<Float>]
  private let saved: [Storage<UInt8>]
  private let scratch: [Storage<Float>]
  private let hasArenaPerShard: Bool

  /// Memory for batches of up to `batchSize` images in `shards` shards, computed by `workers` threads.
  ///
  /// - Parameter keepsLayers: Whether inference keeps every layer's own output, and has gradients: no operators form blocks, and the memory
  ///   suffices for a backward pass.
  init(
    _ layers: Graph, parameters: Storage<Float>, states: Storage<Float>, isTraining: Bool, batchSize: Int, shards: Int,
    workers: Int, hasArenaPerShard: Bool = false, keepsLayers: Bool = false
  ) {
    let graph = keepsLayers ? layers : layers.withBlocks(isTraining: isTraining)
    let plan = MemoryPlan(graph, isTraining: isTraining || keepsLayers)
    let capacity = (batchSize + shards - 1) / shards
    self.parameters = parameters
    self.states = states
    self.isTraining = isTraining
    self.shards = shards
    self.capacity = capacity
    nodes = graph.nodes.enumerated().map { BoundNode($1, index: $0, plan: plan, capacity: capacity) }
    input = Region(offset: plan.activations[graph.input.id] * capacity, perImage: graph.input.shape.count)
    logits = Region(offset: plan.activations[graph.output.id] * capacity, perImage: graph.output.shape.count)
    logitGradients = Region(
      offset: (plan.gradients[graph.output.id] ?? 0) * capacity, perImage: graph.output.shape.count)
    inputGradients = Region(
      offset: (plan.gradients[graph.input.id] ?? 0) * capacity, perImage: graph.input.shape.count)
    samples = Storage(count: batchSize)
    labels = Storage(count: batchSize)
    prepared = Storage(count: graph.preparedCount)
    exchange = Storage(count: isTraining ? graph.exchangeCount * shards : 0)
    shared = Storage(
      count: isTraining ? graph.nodes.map { $0.computation.sharedCount(images: capacity * shards) }.max() ?? 0 : 0)
    self.hasArenaPerShard =
      hasArenaPerShard || isTraining && graph.nodes.contains { $0.computation.trainingPhases > 1 }
    let arenas = self.hasArenaPerShard ? shards : min(workers, shards)
    floats = (0..<arenas).map { _ in Storage(count: plan.floatsPerImage * capacity) }
    saved = (0..<arenas).map { _ in Storage(count: plan.savedBytesPerImage * capacity) }
    scratch = (0..<workers).map { _ in Storage(count: graph.scratchCount) }
  }

  /// The memory of `other`, for a network of the same model with other numbers. Only one of both may compute at a time.
  init(sharing other: Execution, parameters: Storage<Float>, states: Storage<Float>) {
    self.parameters = parameters
    self.states = states
    nodes = other.nodes
    isTraining = other.isTraining
    shards = other.shards
    capacity = other.capacity
    input = other.input
    logits = other.logits
    logitGradients = other.logitGradients
    inputGradients = other.inputGradients
    samples = other.samples
    labels = other.labels
    prepared = other.prepared
    exchange = other.exchange
    shared = other.shared
    floats = other.floats
    saved = other.saved
    scratch = other.scratch
    hasArenaPerShard = other.hasArenaPerShard
  }

  func memory(shard: Int, worker: Int) -> PassMemory {
    let arena = hasArenaPerShard ? shard : worker
    return PassMemory(
      parameters: parameters, states: states, prepared: prepared, exchange: exchange, shared: shared,
      floats: floats[arena], saved: saved[arena], scratch: scratch[worker], samples: samples, labels: labels)
  }

  /// Parameters whose gradients the operators sum over the shards themselves: only the first shard has a place for them.
  var summedParameters: [Range<Int>] {
    nodes.flatMap { bound in
      bound.node.parameters.enumerated().filter { bound.node.computation.sumsShards(ofParameter: $0.offset) }.map(
        \.element)
    }
  }

  /// Derives what the operators need from the parameters; each worker does its part.
  func prepare(worker: Int, workers: Int) {
    for index in stride(from: worker, to: nodes.count, by: workers) {
      let node = nodes[index].node
      guard !node.prepared.isEmpty else { continue }
      node.computation.prepare(PreparePass(node: node, source: parameters, states: states, target: prepared))
    }
  }

  /// Runs all operators forward, as in inference, on images whose inputs are in place.
  func infer(images: Int, _ memory: PassMemory) {
    for bound in nodes { bound.infer(images: images, memory) }
  }

  /// Runs one operator forward on one shard.
  func forward(_ pass: borrowing ForwardPass) { pass.bound.forward(pass) }
}
