extension Graph {
  /// The same computation with runs of operators replaced by blocks (`BlockPattern`), for training or for inference.
  ///
  /// Parameters, states and the remaining values keep their meaning. The name of a block joins the names of its operators: `conv1+relu1+pool1`.
  package func withBlocks(isTraining: Bool) -> Graph {
    var layout = NodeLayout()
    let readerCounts = readerCounts
    var index = 0
    while index < nodes.count {
      let run = blockRun(at: index, readerCounts: readerCounts)
      let members = Array(nodes[index..<index + run])
      let block = run > 1 ? BlockPattern.block(members.map(\.computation), isTraining: isTraining) : nil
      let used = block == nil ? Array(members.prefix(1)) : members
      let computation = block ?? nodes[index].computation
      layout.append(
        BlockPattern.limited(computation, isTraining: isTraining, hasInputGradient: used[0].needsInputGradient),
        inPlaceOf: used)
      index += used.count
    }
    let graph = Graph(of: self, layout)
    return isTraining ? graph : graph.withSeparableConvolutions
  }

  /// The same graph, with each depthwise convolution and the 1×1 convolution that follows it as one node; for inference.
  private var withSeparableConvolutions: Graph {
    var layout = NodeLayout()
    let readerCounts = readerCounts
    var rest = nodes[...]
    while let first = rest.popFirst() {
      if let next = rest.first, isOnlyReader(next, of: first, readerCounts: readerCounts),
        let depthwise = first.computation as? Convolution, let pointwise = next.computation as? Convolution,
        let pair = SeparableConvolution(
          depthwise, pointwise, parameterCount: first.parameters.count, stateCount: first.states.count)
      {
        layout.append(pair, inPlaceOf: [first, next])
        rest.removeFirst()
      } else {
        layout.append(first.computation, inPlaceOf: [first])
      }
    }
    return Graph(of: self, layout)
  }

  /// Other nodes for the same values and tensors.
  init(of graph: Graph, _ layout: NodeLayout) {
    self.init(
      nodes: layout.nodes, input: graph.input, output: graph.output, valueCount: graph.valueCount,
      parameters: graph.parameters, states: graph.states, preparedCount: layout.preparedCount,
      exchangeCount: layout.exchangeCount, scratchCount: layout.scratchCount)
  }

  /// The number of nodes from `first` on that form the longest block; 1 if no pattern matches.
  private func blockRun(at first: Int, readerCounts: [Int]) -> Int {
    let pattern = BlockPattern.all.first { pattern in
      guard first + pattern.parts.count <= nodes.count else { return false }
      return pattern.parts.indices.allSatisfy { offset in
        let node = nodes[first + offset]
        return BlockPattern.Part(node.computation) == pattern.parts[offset]
          && (offset == 0 || isOnlyReader(node, of: nodes[first + offset - 1], readerCounts: readerCounts))
      }
    }
    return pattern?.parts.count ?? 1
  }

  /// The number of readers of each value.
  private var readerCounts: [Int] {
    var counts = [Int](repeating: 0, count: valueCount)
    for value in nodes.lazy.flatMap(\.inputs) { counts[value.id] += 1 }
    return counts
  }

  /// Whether `node` reads the single output of `source`, and no other node reads it.
  private func isOnlyReader(_ node: Node, of source: Node, readerCounts: [Int]) -> Bool {
    guard source.outputs.count == 1, node.inputs.map(\.id) == source.outputs.map(\.id) else { return false }
    let id = source.outputs[0].id
    return id != output.id && readerCounts[id] == 1
  }
}

/// Assigns each node its offset in the memory shared by all shards, one after the other.
struct NodeLayout {
  private(set) var nodes: [Node] = []
  private(set) var preparedCount = 0
  private(set) var exchangeCount = 0
  private(set) var scratchCount = 0

  /// Appends `computation` in place of the one or more nodes that it computes.
  mutating func append(_ computation: any Operator, inPlaceOf members: [Node]) {
    let (first, last) = (members[0], members[members.count - 1])
    // A norm in training needs the convolution's output again; the other intermediate values disappear.
    let keepsFirst = members.count > 1 && (computation.convolutionBlock?.trainsNorm ?? false)
    append(
      computation, name: members.map(\.name).joined(separator: "+"), inputs: first.inputs,
      outputs: keepsFirst ? last.outputs + first.outputs : last.outputs, parameters: members.flatMap(\.parameters),
      states: members.flatMap(\.states), needsInputGradient: first.needsInputGradient,
      isTrained: members.contains(where: \.isTrained))
  }

  mutating func append(
    _ computation: any Operator, name: String, inputs: [Value], outputs: [Value], parameters: [Range<Int>],
    states: [Range<Int>], needsInputGradient: Bool, isTrained: Bool
  ) {
    let prepared = preparedCount..<preparedCount + computation.preparedCount
    let exchange = exchangeCount..<exchangeCount + computation.exchangeCount
    preparedCount = (prepared.upperBound + 15) / 16 * 16
    exchangeCount = (exchange.upperBound + 15) / 16 * 16
    scratchCount = max(scratchCount, computation.scratchCount)
    nodes.append(
      Node(
        name: name, computation: computation, inputs: inputs, outputs: outputs, parameters: parameters,
        states: states, prepared: prepared, exchange: exchange, needsInputGradient: needsInputGradient,
        isTrained: isTrained))
  }
}
