internal import Support
package import Samples

/// Runs a chain of layers in isolation, forward and backward, on plain arrays, for tests and benchmarks of single layers.
///
/// The chain's input also gets a gradient, unlike that of a model's first layer. One call runs all shards one after the other on the calling thread.
package final class LayerProbe {
  /// The shape per image after the last layer.
  package let outputShape: Shape
  /// The chain's parameters, then its states, named as in a model.
  package var tensors: [NetworkTensor] { graph.parameters.tensors + graph.states.tensors }

  private let graph: Graph
  private let parameters: Storage<Float>
  private let states: Storage<Float>
  private let gradients: Storage<Float>
  private let trained: BatchComputation
  private let inferred: BatchComputation
  private let layout: ShardLayout

  /// A probe of `layers` for batches of `images` images of shape `input`, all parameters and states zero.
  package init(
    _ layers: [any Layer], input: Shape, images: Int, shards: Int = 1, options: ComputeOptions = ComputeOptions()
  ) throws(ModelError) {
    var builder = GraphBuilder(options: options)
    let source = builder.makeValue(input, dependsOnParameters: true)
    let output = try LayerChain(layers).lower(source, prefix: "", into: &builder)
    graph = builder.finish(input: source, output: output)
    outputShape = output.shape
    parameters = Storage(count: graph.parameters.count)
    states = Storage(count: graph.states.count)
    gradients = Storage(count: graph.parameters.count * shards)
    layout = ShardLayout(images: images, shards: shards)
    let executions = [true, false].map { [graph, parameters, states] isTraining in
      Execution(
        graph, parameters: parameters, states: states, isTraining: isTraining, batchSize: images, shards: shards,
        workers: 1, hasArenaPerShard: true)
    }
    for execution in executions {
      for image in 0..<images { execution.samples[image] = Int32(image) }
    }
    trained = BatchComputation(executions[0], gradients: gradients)
    inferred = BatchComputation(executions[1], gradients: Storage(count: 0))
  }

  /// A tensor's values, in the order of the engine's memory.
  package subscript(tensor: NetworkTensor) -> [Float] {
    get { Array(storage(of: tensor).copy()[tensor.range]) }
    set {
      require(newValue.count == tensor.range.count, "\(tensor.name): needs \(tensor.range.count) values")
      for (index, value) in zip(tensor.range, newValue) { storage(of: tensor)[index] = value }
    }
  }

  /// The output `[images][outputShape]` for `input [images][shape]`; memory is filled with NaN first.
  package func forward(_ input: [Float], isTraining: Bool = true, seed: UInt64 = 1, epoch: Int = 1) -> [Float] {
    let computation = isTraining ? trained : inferred
    let execution = computation.execution
    computation.begin(images: layout.images, seed: seed, epoch: epoch, movesStates: isTraining)
    execution.prepare(worker: 0, workers: 1)
    forEachShard(execution) { shard, memory in
      poison(memory.floats)
      copy(input, shard, graph.input.shape.count, to: memory.floats, execution.input)
    }
    run(computation.forwardStages, of: computation)
    return gather(execution, execution.logits, graph.output.shape.count)
  }

  /// The gradients that follow from `outputGradient [images][outputShape]`, after a training `forward` with the same seed and epoch: of the input
  /// `[images][shape]`, and of every parameter, in the engine's order.
  package func backward(
    _ outputGradient: [Float], seed: UInt64 = 1, epoch: Int = 1
  ) -> (input: [Float], parameters: [[Float]]) {
    let execution = trained.execution
    trained.begin(images: layout.images, seed: seed, epoch: epoch, movesStates: false)
    poison(gradients)
    forEachShard(execution) { shard, memory in
      copy(outputGradient, shard, graph.output.shape.count, to: memory.floats, execution.logitGradients)
    }
    run(trained.backwardStages, of: trained)
    let shardsWithImages = (0..<layout.shards).filter { layout.count($0) > 0 }
    let all = gradients.copy()
    let summed = Set(execution.summedParameters)
    let sums = graph.parameters.tensors.map { tensor in
      tensor.range.map { index in
        (summed.contains(tensor.range) ? [0] : shardsWithImages).reduce(Float(0)) {
          $0 + all[$1 * graph.parameters.count + index]
        }
      }
    }
    return (gather(execution, execution.inputGradients, graph.input.shape.count), sums)
  }

  private func storage(of tensor: NetworkTensor) -> Storage<Float> {
    tensor.specification.role == nil ? states : parameters
  }

  /// Runs stages one after the other, each for all shards; scratch memory holds no useful values between them.
  private func run(_ stages: [BatchComputation.Stage], of computation: BatchComputation) {
    for stage in stages {
      forEachShard(computation.execution) { shard, memory in
        poison(memory.scratch)
        computation.run(stage, shard: shard, worker: 0)
      }
    }
  }

  private func forEachShard(_ execution: Execution, _ body: (Int, PassMemory) -> Void) {
    for shard in 0..<layout.shards where layout.count(shard) > 0 {
      body(shard, execution.memory(shard: shard, worker: 0))
    }
  }

  private func poison(_ storage: Storage<Float>) {
    var values = storage.allMutable
    Kernels.fill(&values, with: .nan)
  }

  private func copy(_ values: [Float], _ shard: Int, _ perImage: Int, to storage: Storage<Float>, _ region: Region) {
    require(values.count == layout.images * perImage, "LayerProbe: needs \(layout.images * perImage) values")
    let first = layout.first(shard) * perImage
    var target = storage.write(region.range(images: layout.count(shard)))
    Kernels.copy(values.span.extracting(first..<first + target.count), to: &target)
  }

  private func gather(_ execution: Execution, _ region: Region, _ perImage: Int) -> [Float] {
    var values: [Float] = []
    forEachShard(execution) { shard, memory in
      let part = memory.floats.read(region.range(images: layout.count(shard)))
      for index in part.indices { values.append(part[index]) }
    }
    return values
  }
}
