internal import Samples
internal import Support

/// A quantized network bound to the memory of its workers.
///
/// Activations of up to `capacity` images are bytes in one arena per worker; activations that are never alive together share memory. Sums are exact
/// and every rounding is one formula, so answers have the same bits on every processor, whatever the number of workers.
final class QuantizedExecution: Sendable {
  private struct BoundStep: Sendable {
    let computation: any QuantizedOperator
    let inputs: [Region]
    let output: Region?
  }

  private let steps: [BoundStep]
  private let input: Region
  private let inputRange: QuantizedRange
  private let classes: Int
  private let workers: [QuantizedMemory]
  /// The memory of operators that compute in floating point, and the operators.
  private let floatSteps: [BoundNode]
  private let prepared: PassMemory
  let capacity: Int
  /// The numbers of the samples that each worker draws, one run of `capacity` per worker.
  let samples: Storage<Int32>

  /// - Precondition: The network has a quantization that fits it.
  init(_ network: Network, _ quantization: Quantization, capacity: Int, workers count: Int) {
    let graph = network.graph
    let plan = QuantizationPlan(graph)
    let ranges = plan.ranges(quantization)
    let arena = QuantizedArena(plan, input: graph.input.shape, capacity: capacity)
    var floats = NodeLayout()
    for step in plan.steps where step.kind.isFloat {
      floats.append(
        BlockPattern.limited(step.node.computation, isTraining: false, hasInputGradient: false),
        inPlaceOf: [step.node])
    }
    var rest = floats.nodes.map { BoundNode(alone: $0, capacity: capacity) }[...]
    floatSteps = Array(rest)
    var steps: [BoundStep] = []
    var (scratchBytes, scratchSums) = (0, 0)
    for step in plan.steps {
      let inputs = step.inputs.map { ranges[$0] }
      let output = step.range == .none ? nil : ranges[step.output]
      let computation = network.quantizedOperator(
        step, quantization, from: inputs.compactMap { $0 }, to: output,
        float: step.kind.isFloat ? rest.popFirst() : nil, capacity: capacity)
      scratchBytes = max(scratchBytes, computation.scratchBytes)
      scratchSums = max(scratchSums, computation.scratchSums)
      steps.append(
        BoundStep(
          computation: computation, inputs: step.inputs.map { arena.region($0) },
          output: step.range == .none ? nil : arena.region(step.output)))
    }
    self.steps = steps
    self.capacity = capacity
    input = arena.region(plan.input)
    inputRange = quantization.input
    classes = graph.output.shape.count
    let samples = Storage<Int32>(count: capacity * count)
    self.samples = samples
    let shared = Storage<Float>(count: floats.preparedCount)
    let nodes = floatSteps
    let memories = (0..<count).map { _ in
      PassMemory(
        parameters: network.parameters, states: network.states, prepared: shared, exchange: Storage(count: 0),
        shared: Storage(count: 0),
        floats: Storage(count: nodes.map { $0.outputs[0].range(images: capacity).upperBound }.max() ?? 0),
        saved: Storage(count: nodes.map { $0.saved.perImage * capacity }.max() ?? 0),
        scratch: Storage(count: floats.scratchCount), samples: samples, labels: Storage(count: 0))
    }
    prepared = memories[0]
    workers = memories.map { memory in
      QuantizedMemory(
        inputs: Storage(count: graph.input.shape.count * capacity), activations: Storage(count: arena.byteCount),
        scratch: Storage(count: scratchBytes), sums: Storage(count: scratchSums),
        logits: Storage(count: graph.output.shape.count * capacity), float: memory)
    }
  }

  /// Derives what operators in floating point need from the parameters; each worker does its part.
  func prepare(worker: Int, workers: Int) {
    for index in stride(from: worker, to: floatSteps.count, by: workers) {
      let node = floatSteps[index].node
      guard !node.prepared.isEmpty else { continue }
      node.computation.prepare(
        PreparePass(node: node, source: prepared.parameters, states: prepared.states, target: prepared.prepared))
    }
  }

  /// The memory of a worker: its inputs, to be written, and its logits.
  func memory(worker: Int) -> QuantizedMemory { workers[worker] }

  /// Computes the logits of images whose inputs are in place.
  func infer(images: Int, _ memory: QuantizedMemory) {
    var bytes = memory.activations.write(input.range(images: images))
    Kernels.quantize(memory.inputs.read(0..<images * input.perImage), inputRange, into: &bytes)
    for step in steps {
      step.computation.forward(
        QuantizedPass(images: images, memory: memory, inputs: step.inputs, outputPlace: step.output, classes: classes))
    }
  }
}

extension QuantizationPlan.Kind {
  fileprivate var isFloat: Bool {
    if case .float = self { true } else { false }
  }
}

extension QuantizationPlan {
  /// The range of every activation, by its identity.
  package func ranges(_ quantization: Quantization) -> [Int: QuantizedRange] {
    var ranges = [input: quantization.input]
    for step in steps {
      switch step.range {
      case .own(let name): ranges[step.output] = quantization.activations[name]
      case .inherited: ranges[step.output] = ranges[step.inputs[0]]
      case .none: break
      }
    }
    return ranges
  }
}

extension Network {
  /// The operator of a step.
  fileprivate func quantizedOperator(
    _ step: QuantizationPlan.Step, _ quantization: Quantization, from inputs: [QuantizedRange],
    to output: QuantizedRange?, float: BoundNode?, capacity: Int
  ) -> any QuantizedOperator {
    if let float { return FloatStep(bound: float, inputs: inputs, output: output) }
    switch (step.node.computation, output) {
    case (let dense as DenseProduct, _):
      return QuantizedProduct(
        dense, quantizedWeights(of: step, quantization), from: inputs[0], to: output, capacity: capacity)
    case (let convolution as Convolution, let output?) where convolution.geometry.isDepthwise:
      return QuantizedDepthwise(
        convolution.geometry, quantizedWeights(of: step, quantization), from: inputs[0], to: output)
    case (let convolution as Convolution, _):
      return QuantizedProduct(
        convolution.geometry, quantizedWeights(of: step, quantization), from: inputs[0], to: output)
    case (is Sum, let output?): return QuantizedSum(inputs: inputs, output: output)
    case (let join as Concatenation, let output?):
      return QuantizedConcatenation(join, from: inputs, to: output)
    case (let pool as MaxPooling, _): return QuantizedMaxPool(window: pool.window)
    case (let pool as GlobalAveraging, let output?):
      return QuantizedGlobalAverage(shape: pool.shape, input: inputs[0], output: output)
    case (_, let output?): return QuantizedFunction(table: table(step.node, from: inputs[0], to: output))
    default: failPrecondition("\(step.node.name): has no form in bytes")
    }
  }

  /// The table of a function of one number: computed by the operator itself for the 256 numbers of the input's range.
  private func table(_ node: Node, from input: QuantizedRange, to output: QuantizedRange) -> [UInt8] {
    let bound = BoundNode(alone: node, capacity: 1, elements: 256)
    let memory = PassMemory(
      parameters: parameters, states: states, prepared: Storage(count: 0), exchange: Storage(count: 0),
      shared: Storage(count: 0), floats: Storage(count: bound.outputs[0].range(images: 1).upperBound),
      saved: Storage(count: 256 * node.computation.savedBytesPerImage),
      scratch: Storage(count: node.computation.scratchCount), samples: Storage(count: 1), labels: Storage(count: 0))
    for byte in 0..<256 { memory.floats[byte] = input.number(UInt8(byte)) }
    Kernels.flushingDenormals { bound.infer(images: 1, memory) }
    return (0..<256).map { output.byte(memory.floats[bound.outputs[0].offset + $0]) }
  }
}
