package import Samples

/// Computes a batch with two sets of options at once, block by block, and reports how far each block of the first is from the second's.
///
/// After each block, the reference's results replace the compared ones. So the next block starts from the same numbers, and every difference comes
/// from that block alone. Whole results cannot be compared as strictly: if a sum is almost zero, rounding decides whether a ReLU passes a gradient
/// and which element a max pool chooses, and every later layer amplifies the difference.
package struct LockstepProbe {
  /// The difference of one result of one block from the reference's.
  package struct Difference: Sendable {
    /// The operators of the block, joined by `+`.
    package let block: String
    /// The compared result: `output`, `input gradient` or `gradient of parameter 0`.
    package let result: String
    /// The length of the difference, relative to the length of the reference; infinite if a number is not finite.
    package let error: Double
  }

  /// All differences, in the order of the computation.
  package let differences: [Difference]
  /// Whether every number of the reference is finite.
  package let isReferenceFinite: Bool

  /// Compares one batch: a training step without its update, or inference.
  ///
  /// - Parameters:
  ///   - model: The model; both sides start from the weights of seed 1.
  ///   - options: How the tested side computes.
  ///   - reference: How the reference computes.
  ///   - samples: The batch, all samples of the provider.
  ///   - isTraining: Whether to use the batch's statistics and to compare gradients.
  ///   - shards: Parts of the batch.
  ///   - team: The threads that compute.
  /// - Throws: what `Network.init` throws.
  package init(
    _ model: Model, options: ComputeOptions, reference: ComputeOptions, samples: any SampleProvider, isTraining: Bool,
    shards: Int = 2, team: WorkerTeam
  ) throws {
    func side(_ options: ComputeOptions) throws -> LockstepSide {
      LockstepSide(
        try Network(model, seed: 1, options: options), samples: samples, isTraining: isTraining, shards: shards,
        team: team)
    }
    var comparison = LockstepComparison(tested: try side(options), reference: try side(reference))
    comparison.run(isTraining: isTraining)
    // The bias of a convolution before a norm has no gradient but rounding, so it is relative to a
    // tenth of the largest gradient of its block.
    var floors: [String: Double] = [:]
    for found in comparison.found where found.isParameter {
      floors[found.block] = max(floors[found.block] ?? 0, found.length)
    }
    let floor = 1e-3 * (floors.values.max() ?? 0)
    differences = comparison.found.map { $0.relative(floor: max(floor, 0.1 * (floors[$0.block] ?? 0))) }
    isReferenceFinite = comparison.found.allSatisfy(\.length.isFinite)
  }
}

/// One of the two computations, with memory that keeps every shard's values.
private struct LockstepSide {
  let network: Network
  let execution: Execution
  let computation: BatchComputation
  let team: WorkerTeam
  private let samples: any SampleProvider

  init(_ network: Network, samples: any SampleProvider, isTraining: Bool, shards: Int, team: WorkerTeam) {
    self.network = network
    self.samples = samples
    self.team = team
    execution = Execution(
      network.graph, parameters: network.parameters, states: network.states, isTraining: isTraining,
      batchSize: samples.count, shards: shards, workers: team.count, hasArenaPerShard: true)
    computation = BatchComputation(
      execution, gradients: Storage(count: isTraining ? network.parameters.count * shards : 0))
  }

  /// Draws the batch and derives the operators' prepared values. Results that a block fails to write are NaN.
  func begin() {
    for shard in 0..<execution.shards { poison(execution.memory(shard: shard, worker: 0).floats) }
    poison(computation.gradients)
    for index in 0..<samples.count { execution.samples[index] = Int32(index) }
    computation.begin(images: samples.count, seed: 1, epoch: 1, movesStates: false)
    team.run(LockstepJob(computation, stages: [], drawingFrom: samples))
  }

  private func poison(_ storage: Storage<Float>) {
    var values = storage.allMutable
    Kernels.fill(&values, with: .nan)
  }

  func run(_ stages: [BatchComputation.Stage]) { team.run(LockstepJob(computation, stages: stages, drawingFrom: nil)) }

  /// The batch's gradient of a parameter.
  func gradient(of range: Range<Int>) -> [Float] {
    let (gradients, count) = (computation.gradients, network.parameters.count)
    let isSummed = execution.summedParameters.contains(range)
    let shards = (0..<(isSummed ? 1 : execution.shards)).filter { computation.layout.count($0) > 0 }
    var sum = [Float](repeating: 0, count: range.count)
    for shard in shards {
      let part = gradients.read(shard * count + range.lowerBound..<shard * count + range.upperBound)
      for index in part.indices { sum[index] += part[index] }
    }
    return sum
  }

  /// The operators of the model that each block computes.
  var operatorCounts: [Int] { execution.nodes.map { $0.node.name.split(separator: "+").count } }

  func forwardStages(of nodes: Range<Int>) -> [BatchComputation.Stage] {
    computation.forwardStages.filter { stage in
      if case .forward(let node, _) = stage { nodes.contains(node) } else { false }
    }
  }

  func backwardStages(of nodes: Range<Int>) -> [BatchComputation.Stage] {
    computation.backwardStages.filter { stage in
      if case .backward(let node, _) = stage { nodes.contains(node) } else { false }
    }
  }
}

/// Runs stages for all shards; all shards finish a stage before the next begins.
private final class LockstepJob: TeamJob {
  private let computation: BatchComputation
  private let stages: [BatchComputation.Stage]
  private let provider: (any SampleProvider)?

  init(_ computation: BatchComputation, stages: [BatchComputation.Stage], drawingFrom provider: (any SampleProvider)?) {
    self.computation = computation
    self.stages = stages
    self.provider = provider
  }

  func run(worker: Int, crew: Crew) {
    func forEachShard(_ body: (Int) -> Void) {
      for shard in stride(from: worker, to: computation.layout.shards, by: crew.count)
      where computation.layout.count(shard) > 0 {
        body(shard)
      }
    }
    if let provider {
      computation.execution.prepare(worker: worker, workers: crew.count)
      forEachShard { computation.draw(shard: $0, worker: worker, from: provider) }
    }
    for stage in stages {
      forEachShard { computation.run(stage, shard: $0, worker: worker) }
      crew.meet()
    }
  }
}

/// Two computations of the same model, side by side.
private struct LockstepComparison {
  /// A difference before its reference length is known.
  struct Found {
    let block: String
    let result: String
    let isParameter: Bool
    let difference: Double
    let length: Double

    /// Relative to the reference; a parameter's gradient to at least `floor`.
    func relative(floor: Double) -> LockstepProbe.Difference {
      let scale = max(length, isParameter ? floor : 0)
      let error = difference == 0 ? 0 : difference / scale
      return .init(block: block, result: result, error: error.isFinite ? error : .infinity)
    }
  }

  /// Blocks of both sides that compute the same operators.
  private struct Segment {
    let tested: Range<Int>
    let reference: Range<Int>
  }

  let tested: LockstepSide
  let reference: LockstepSide
  private(set) var found: [Found] = []

  init(tested: LockstepSide, reference: LockstepSide) {
    self.tested = tested
    self.reference = reference
  }

  mutating func run(isTraining: Bool) {
    let segments = segments
    tested.begin()
    reference.begin()
    for segment in segments {
      tested.run(tested.forwardStages(of: segment.tested))
      reference.run(reference.forwardStages(of: segment.reference))
      compareOutputs(segment)
    }
    guard isTraining else { return }
    tested.run([.loss])
    reference.run([.loss])
    compare(tested.execution.logitGradients, reference.execution.logitGradients, block: "loss", result: "gradient")
    for segment in segments.reversed() {
      tested.run(tested.backwardStages(of: segment.tested))
      reference.run(reference.backwardStages(of: segment.reference))
      compareGradients(segment)
    }
  }

  /// The shortest runs of blocks that end at the same operators on both sides.
  private var segments: [Segment] {
    let (testedCounts, referenceCounts) = (tested.operatorCounts, reference.operatorCounts)
    var segments: [Segment] = []
    var (first, last) = ((tested: 0, reference: 0), (tested: 0, reference: 0))
    var (testedOperators, referenceOperators) = (0, 0)
    while last.tested < testedCounts.count || last.reference < referenceCounts.count {
      if testedOperators <= referenceOperators, last.tested < testedCounts.count {
        testedOperators += testedCounts[last.tested]
        last.tested += 1
      }
      if referenceOperators < testedOperators, last.reference < referenceCounts.count {
        referenceOperators += referenceCounts[last.reference]
        last.reference += 1
      }
      guard testedOperators == referenceOperators else { continue }
      segments.append(
        Segment(tested: first.tested..<last.tested, reference: first.reference..<last.reference))
      first = last
    }
    return segments
  }

  private mutating func compareOutputs(_ segment: Segment) {
    let block = tested.execution.nodes[segment.tested.upperBound - 1]
    let other = reference.execution.nodes[segment.reference.upperBound - 1]
    let isAlike = segment.tested.count == 1 && segment.reference.count == 1
    // A second output is the input of a norm; only blocks of the same operators have one.
    let outputs = isAlike ? zip(block.outputs, other.outputs).map { ($0, $1) } : [(block.outputs[0], other.outputs[0])]
    for (region, otherRegion) in outputs {
      compare(region, otherRegion, block: block.node.name, result: "output")
    }
    guard isAlike, block.saved.perImage == other.saved.perImage else { return }
    forEachShard { images, memory, otherMemory in
      var target = memory.saved.write(block.saved.range(images: images))
      let source = otherMemory.saved.read(other.saved.range(images: images))
      for index in source.indices { target[index] = source[index] }
    }
  }

  private mutating func compareGradients(_ segment: Segment) {
    let block = tested.execution.nodes[segment.tested.lowerBound]
    let other = reference.execution.nodes[segment.reference.lowerBound]
    for (region, otherRegion) in zip(block.inputGradients, other.inputGradients) {
      guard let region, let otherRegion else { continue }
      compare(region, otherRegion, block: block.node.name, result: "input gradient")
    }
    for node in segment.tested {
      let block = tested.execution.nodes[node].node
      for (index, range) in block.parameters.enumerated() { compareGradient(range, index, block: block.name) }
    }
  }

  private mutating func compareGradient(_ range: Range<Int>, _ index: Int, block: String) {
    let squares = Self.squares(tested.gradient(of: range).span, reference.gradient(of: range).span)
    found.append(
      Found(
        block: block, result: "gradient of parameter \(index)", isParameter: true,
        difference: squares.difference.squareRoot(), length: squares.length.squareRoot()))
  }

  /// Compares a value of all shards, and copies the reference's value to the tested side.
  private mutating func compare(_ region: Region, _ other: Region, block: String, result: String) {
    var (difference, length) = (0.0, 0.0)
    forEachShard { images, memory, otherMemory in
      let source = otherMemory.floats.read(other.range(images: images))
      let squares = Self.squares(memory.floats.read(region.range(images: images)), source)
      difference += squares.difference
      length += squares.length
      var target = memory.floats.write(region.range(images: images))
      Kernels.copy(source, to: &target)
    }
    found.append(
      Found(
        block: block, result: result, isParameter: false, difference: difference.squareRoot(),
        length: length.squareRoot()))
  }

  /// The squared lengths of a difference and of the reference.
  private static func squares(_ values: Span<Float>, _ reference: Span<Float>) -> (difference: Double, length: Double) {
    var (difference, length) = (0.0, 0.0)
    for index in reference.indices {
      let (value, expected) = (Double(values[index]), Double(reference[index]))
      difference += (value - expected) * (value - expected)
      length += expected * expected
    }
    return (difference, length)
  }

  private func forEachShard(_ body: (_ images: Int, PassMemory, PassMemory) -> Void) {
    let layout = tested.computation.layout
    for shard in 0..<layout.shards where layout.count(shard) > 0 {
      body(
        layout.count(shard), tested.execution.memory(shard: shard, worker: 0),
        reference.execution.memory(shard: shard, worker: 0))
    }
  }
}
