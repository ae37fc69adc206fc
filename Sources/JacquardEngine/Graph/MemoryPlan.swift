internal import Samples

/// The location of every activation and gradient of one shard. Values that are never alive at the same time share
/// memory.
///
/// Time runs over the nodes: forward of node `i` is instant `i`, the loss `n`, backward of node `i` instant `2n − i`.
/// A block of memory is alive from the first instant that writes it to the last that reads it. Blocks are placed greedily, largest first, at the
/// lowest offset that overlaps no block alive at the same time.
package struct MemoryPlan: Sendable {
  /// Offset of each value's activations, in floats per image.
  package private(set) var activations: [Int]
  /// Offset of each value's gradient, in floats per image; nil if it is not needed.
  package private(set) var gradients: [Int?]
  /// Offset of the bytes that each node saves, in bytes per image.
  package private(set) var saved: [Int]
  /// For each in-place node: whether its input must first be copied to its output, because a later node still reads it.
  package private(set) var copiesInput: [Bool]
  /// Floats per image.
  package private(set) var floatsPerImage: Int
  /// Saved bytes per image.
  package private(set) var savedBytesPerImage: Int

  /// A plan for training (forward and backward) or for inference (forward only).
  package init(_ graph: Graph, isTraining: Bool) {
    var planner = Planner(graph: graph, isTraining: isTraining)
    planner.planForward()
    if isTraining { planner.planBackward() }
    let (offsets, total) = MemoryBlock.place(planner.blocks)
    activations = planner.activationBlock.map { $0 < 0 ? 0 : offsets[$0] }
    gradients = planner.gradientBlock.map { $0.map { offsets[$0] } }
    copiesInput = planner.copiesInput
    floatsPerImage = total
    saved = []
    savedBytesPerImage = 0
    for node in graph.nodes {
      saved.append(savedBytesPerImage)
      savedBytesPerImage += (node.computation.savedBytesPerImage + 63) / 64 * 64
    }
  }
}

private struct Planner {
  let graph: Graph
  let isTraining: Bool
  var blocks: [MemoryBlock] = []
  var activationBlock: [Int]
  var gradientBlock: [Int?]
  var copiesInput: [Bool]
  private let end: Int

  init(graph: Graph, isTraining: Bool) {
    self.graph = graph
    self.isTraining = isTraining
    activationBlock = Array(repeating: -1, count: graph.valueCount)
    gradientBlock = Array(repeating: nil, count: graph.valueCount)
    copiesInput = Array(repeating: false, count: graph.nodes.count)
    end = 2 * graph.nodes.count
  }

  private mutating func makeBlock(_ shape: Shape, at instant: Int) -> Int {
    blocks.append(MemoryBlock(count: (shape.count + 15) / 16 * 16, first: instant, last: instant))
    return blocks.count - 1
  }

  private mutating func use(_ block: Int, at instant: Int) {
    blocks[block].first = min(blocks[block].first, instant)
    blocks[block].last = max(blocks[block].last, instant)
  }

  /// The last instant at which each value's activations are read, directly or through a value that shares its block.
  private func lastReads() -> [Int] {
    var last = Array(repeating: 0, count: graph.valueCount)
    for (index, node) in graph.nodes.enumerated() {
      let backward = end - index
      for input in node.inputs {
        let reads = isTraining && node.computation.retains.contains(.input) ? backward : index
        last[input.id] = max(last[input.id], reads)
      }
      if isTraining, node.computation.retains.contains(.output) {
        for output in node.outputs { last[output.id] = max(last[output.id], backward) }
      }
    }
    last[graph.output.id] = max(last[graph.output.id], graph.nodes.count)
    return last
  }

  mutating func planForward() {
    let lastRead = lastReads()
    activationBlock[graph.input.id] = makeBlock(graph.input.shape, at: 0)
    use(activationBlock[graph.input.id], at: lastRead[graph.input.id])
    for (index, node) in graph.nodes.enumerated() {
      if node.computation is Fork {
        // Both branches read the same activations; the block lives as long as either does.
        let block = activationBlock[node.inputs[0].id]
        for output in node.outputs {
          activationBlock[output.id] = block
          use(block, at: lastRead[output.id])
        }
        continue
      }
      for (position, output) in node.outputs.enumerated() {
        let source = node.inputs.first.map { activationBlock[$0.id] } ?? -1
        if node.computation.isInPlace, position == 0, source >= 0 {
          // Two empty paths of a skip connection share the same memory, so one of them must become a copy.
          let isReadTwice = node.inputs.dropFirst().contains { activationBlock[$0.id] == source }
          if blocks[source].last <= index && !isReadTwice {
            activationBlock[output.id] = source
            use(source, at: max(index, lastRead[output.id]))
            continue
          }
          copiesInput[index] = true
        }
        let block = makeBlock(output.shape, at: index)
        activationBlock[output.id] = block
        use(block, at: max(index, lastRead[output.id]))
      }
    }
  }

  mutating func planBackward() {
    let count = graph.nodes.count
    let outputGradient = makeBlock(graph.output.shape, at: count)
    gradientBlock[graph.output.id] = outputGradient
    for index in (0..<count).reversed() {
      let node = graph.nodes[index]
      let instant = end - index
      for output in node.outputs {
        if let block = gradientBlock[output.id] { use(block, at: instant) }
      }
      guard node.needsInputGradient else { continue }
      for (position, input) in node.inputs.enumerated() where gradientBlock[input.id] == nil {
        if node.computation.isGradientInPlace, position == 0,
          let block = gradientBlock[node.outputs[0].id]
        {
          gradientBlock[input.id] = block
        } else {
          gradientBlock[input.id] = makeBlock(input.shape, at: instant)
        }
      }
    }
  }
}
