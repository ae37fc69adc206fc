internal import Samples

/// Graphs in which some tensors never change.
extension Graph {
  /// The last node with parameters, whose outputs become the logits; nil for a graph without parameters.
  var head: Node? { nodes.last { !$0.parameters.isEmpty } }

  /// The same graph without the gradients that only fixed parameters need; they stay 0. Norms with fixed running statistics use them in training.
  ///
  /// - Parameters:
  ///   - isFixed: Whether the parameters in a range of the flat array are never trained.
  ///   - states: The ranges of fixed running statistics.
  func training(except isFixed: (Range<Int>) -> Bool, fixedStates states: Set<Range<Int>> = []) -> Graph {
    var layout = NodeLayout()
    var isTrained = [Bool](repeating: false, count: valueCount)
    for node in nodes {
      let needsInputGradient = node.inputs.contains { isTrained[$0.id] }
      let trains = node.parameters.contains { !isFixed($0) }
      for output in node.outputs { isTrained[output.id] = needsInputGradient || trains }
      var computation = node.computation
      if let norm = computation as? BatchNormalization, node.states.allSatisfy(states.contains) {
        computation = FixedNormalization(norm)
      }
      layout.append(
        computation, name: node.name, inputs: node.inputs, outputs: node.outputs, parameters: node.parameters,
        states: node.states, needsInputGradient: needsInputGradient, isTrained: trains)
    }
    return Graph(of: self, layout)
  }

  /// The number of nodes at the beginning that compute the same in training as in inference, and in every step: nothing in them is trained,
  /// moved or random. They end in one value, which the other nodes read. 0 if no such nodes have parameters.
  ///
  /// For a graph made by `training(except:fixedStates:)`.
  var frozenNodeCount: Int {
    let most = nodes.firstIndex { $0.isTrained || $0.computation.differsInTraining } ?? nodes.count
    guard most < nodes.count, let first = nodes.firstIndex(where: { !$0.parameters.isEmpty }) else { return 0 }
    return stride(from: most, to: first, by: -1).first { frontier(after: $0) != nil } ?? 0
  }

  /// The one value that passes from the first `count` nodes to the others; nil if there are several.
  private func frontier(after count: Int) -> Value? {
    let computed = Set(nodes.prefix(count).flatMap(\.outputs).map(\.id))
    let read = nodes.dropFirst(count).flatMap(\.inputs).filter { computed.contains($0.id) || $0.id == input.id }
    guard let first = read.first, first.id != input.id, read.allSatisfy({ $0.id == first.id }),
      output.id != first.id
    else { return nil }
    return first
  }

  /// The first `count` nodes, whose output is the input of the others; `count` is that of `frozenNodeCount`.
  func cut(after count: Int) -> (body: Graph, head: Graph)? {
    guard count > 0, let value = frontier(after: count) else { return nil }
    return (
      Graph(of: self, Array(nodes.prefix(count)), input: input, output: value),
      Graph(of: self, Array(nodes.dropFirst(count)), input: value, output: output)
    )
  }

  /// Some of the nodes, for the same tensors.
  private init(of graph: Graph, _ nodes: [Node], input: Value, output: Value) {
    var layout = NodeLayout()
    for node in nodes { layout.append(node.computation, inPlaceOf: [node]) }
    self.init(
      nodes: layout.nodes, input: input, output: output, valueCount: graph.valueCount,
      parameters: graph.parameters, states: graph.states, preparedCount: layout.preparedCount,
      exchangeCount: layout.exchangeCount, scratchCount: layout.scratchCount)
  }
}
