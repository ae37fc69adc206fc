internal import Support
internal import Samples

/// The job of a gradient probe's team: each worker computes every n-th sample, forward and backward.
///
/// A value's activations are complete after the operator that writes them, and its gradient after the backward pass of its only reader. Both are copied at
/// these moments, because later operators may reuse their memory.
final class GradientJob: TeamJob, @unchecked Sendable {
  private let network: Network
  private let graph: Graph
  private let layer: Value
  private let execution: Execution
  /// Gradients of the parameters, for each worker: operators compute them, and nothing reads them.
  private let discarded: [Storage<Float>]
  /// The number of the first node that reads the layer's output; nil if it is the network's output.
  private let reader: Int?
  /// The number of the node that writes the layer's output; nil if it is the network's input.
  private let writer: Int?
  private let layerRegion: (activations: Region, gradient: Region)

  private var provider: (any SampleProvider)?
  private var classes: [Int] = []
  private var logits = Storage<Float>(count: 0)
  private var activations = Storage<Float>(count: 0)
  private var layerGradients = Storage<Float>(count: 0)
  private var inputGradients = Storage<Float>(count: 0)

  init(_ network: Network, graph: Graph, layer: Value, workers: Int) {
    self.network = network
    self.graph = graph
    self.layer = layer
    execution = Execution(
      graph, parameters: network.parameters, states: network.states, isTraining: false, batchSize: workers,
      shards: workers, workers: workers, keepsLayers: true)
    discarded = (0..<workers).map { _ in Storage(count: network.parameters.count) }
    let nodes = execution.nodes
    reader = nodes.firstIndex { $0.node.inputs.contains { $0.id == layer.id } }
    writer = nodes.firstIndex { $0.node.outputs.contains { $0.id == layer.id } }
    func place(_ values: [Value], _ regions: [Region]) -> Region? {
      values.firstIndex { $0.id == layer.id }.map { regions[$0] }
    }
    let written = writer.flatMap { place(nodes[$0].node.outputs, nodes[$0].outputs) }
    let read = reader.flatMap { index -> Region? in
      guard let input = nodes[index].node.inputs.firstIndex(where: { $0.id == layer.id }) else { return nil }
      return nodes[index].inputGradients[input]
    }
    layerRegion = (written ?? execution.input, read ?? execution.logitGradients)
  }

  func start(_ provider: any SampleProvider, classes: [Int]) {
    require(
      provider.shape == graph.input.shape,
      "GradientProbe: the model takes \(graph.input.shape), the samples are \(provider.shape)")
    let count = provider.count
    require(classes.count == count, "GradientProbe: \(count) samples, but \(classes.count) classes")
    let known = 0..<graph.output.shape.count
    require(classes.allSatisfy(known.contains), "GradientProbe: the classes are \(known)")
    self.provider = provider
    self.classes = classes
    logits = Storage(count: count)
    activations = Storage(count: count * layer.shape.count)
    layerGradients = Storage(count: count * layer.shape.count)
    inputGradients = Storage(count: count * graph.input.shape.count)
  }

  func finish(layer name: String) -> LogitGradients {
    provider = nil
    return LogitGradients(
      layer: name, layerShape: layer.shape, inputShape: graph.input.shape, logits: logits.copy(),
      activations: activations.copy(), layerGradients: layerGradients.copy(), inputGradients: inputGradients.copy())
  }

  func run(worker: Int, crew: Crew) {
    guard let provider else { return }
    execution.prepare(worker: worker, workers: crew.count)
    crew.meet()
    for sample in stride(from: worker, to: classes.count, by: crew.count) {
      compute(sample, of: provider, worker: worker)
    }
  }

  private func compute(_ sample: Int, of provider: any SampleProvider, worker: Int) {
    let memory = execution.memory(shard: worker, worker: worker)
    draw(sample, of: provider, worker: worker, memory)
    if writer == nil { copy(layerRegion.activations, of: memory, to: activations, sample) }
    for (index, bound) in execution.nodes.enumerated() {
      execution.forward(pass(bound, memory))
      if index == writer { copy(layerRegion.activations, of: memory, to: activations, sample) }
    }
    seed(sample, memory)
    if reader == nil { copy(layerRegion.gradient, of: memory, to: layerGradients, sample) }
    for (index, bound) in execution.nodes.enumerated().reversed() {
      bound.node.computation.backward(
        BackwardPass(
          forward: pass(bound, memory), gradients: discarded[worker], parameterCount: discarded[worker].count))
      if index == reader { copy(layerRegion.gradient, of: memory, to: layerGradients, sample) }
    }
    copy(execution.inputGradients, of: memory, to: inputGradients, sample)
  }

  private func draw(_ sample: Int, of provider: any SampleProvider, worker: Int, _ memory: PassMemory) {
    execution.samples[worker] = Int32(sample)
    var inputs = memory.floats.write(execution.input.range(images: 1))
    var labels = memory.labels.write(worker..<worker + 1)
    provider.draw(memory.samples.read(worker..<worker + 1), epoch: 0, into: &inputs, labels: &labels)
  }

  /// Keeps the logit, and makes its own gradient 1 and that of all others 0.
  private func seed(_ sample: Int, _ memory: PassMemory) {
    let choice = classes[sample]
    logits[sample] = memory.floats.read(execution.logits.range(images: 1))[choice]
    var gradient = memory.floats.write(execution.logitGradients.range(images: 1))
    Kernels.fill(&gradient, with: 0)
    gradient[choice] = 1
  }

  private func pass(_ bound: BoundNode, _ memory: PassMemory) -> ForwardPass {
    ForwardPass(
      bound: bound, memory: memory, layout: ShardLayout(images: 1, shards: 1), isTraining: false, movesStates: false,
      statisticsShare: nil, seed: 0, epoch: 0, shard: 0, phase: 0)
  }

  private func copy(_ region: Region, of memory: PassMemory, to target: Storage<Float>, _ sample: Int) {
    var part = target.write(sample * region.perImage..<(sample + 1) * region.perImage)
    Kernels.copy(memory.floats.read(region.range(images: 1)), to: &part)
  }
}
