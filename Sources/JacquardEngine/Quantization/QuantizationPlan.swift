internal import Samples
internal import Support

/// Which operators of a network compute in bytes, which activations need a range, and what is computed together.
///
/// Convolutions, dense layers, sums of two values, concatenations, max pools and global average pools compute in bytes. An activation function of one
/// number is a table of 256 bytes. A rectifier, or a clip that starts at 0, is part of the operator before it, because its range begins at 0 and so
/// cuts off what is below. Everything else is computed in floating point between two conversions. The last operator writes floats.
package struct QuantizationPlan: Sendable {
  /// How a step is computed.
  package enum Kind: Sendable {
    /// A convolution or dense layer.
    case convolution(depthwise: Bool), dense
    case sum, concatenation, maxPool, globalAverage, table, float

    /// Whether it has weights in bytes.
    package var isProduct: Bool {
      switch self {
      case .convolution, .dense: true
      default: false
      }
    }
  }

  /// The range of a step's output.
  package enum OutputRange: Hashable, Sendable {
    /// Its own, by this name.
    case own(String)
    /// That of its input, because each output is one of the inputs, or 0.
    case inherited
    /// None: the network's output is not rounded.
    case none
  }

  /// One operator, with the rectifier that follows it if they are computed together.
  package struct Step: Sendable {
    package let node: Node
    /// The name of the last operator of the step.
    package let name: String
    /// The index of the node whose output is the step's.
    let lastIndex: Int
    package let kind: Kind
    /// The activations that it reads and writes: identities, the same for all names of one piece of memory.
    package let inputs: [Int]
    package let output: Int
    let outputShape: Shape
    package let range: OutputRange

    /// Channels of its output.
    package var channels: Int { outputShape.channels }
  }

  package let steps: [Step]
  /// The identity of the network's input.
  let input: Int

  /// The names of the ranges, in the order of the steps.
  package var rangeNames: [String] {
    steps.compactMap { step in
      guard case .own(let name) = step.range else { return nil }
      return name
    }
  }

  /// The plan of a graph without blocks.
  package init(_ graph: Graph) {
    var sources = Array(0..<graph.valueCount)
    for node in graph.nodes where node.computation is Fork || node.computation is Masking {
      for output in node.outputs { sources[output.id] = sources[node.inputs[0].id] }
    }
    // The chains of names are followed in order, so each source is final when it is read.
    let final = sources[graph.output.id]
    var readers: [Int: [Int]] = [:]
    for (index, node) in graph.nodes.enumerated() where !(node.computation is Fork || node.computation is Masking) {
      for value in node.inputs { readers[sources[value.id], default: []].append(index) }
    }
    var steps: [Step] = []
    var isDone = Array(repeating: false, count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() {
      guard !isDone[index], !(node.computation is Fork || node.computation is Masking) else { continue }
      let kind = Kind(node)
      var (last, lastIndex) = (node, index)
      if kind.takesRectifier, let next = readers[sources[node.outputs[0].id]], next.count == 1 {
        let follower = graph.nodes[next[0]]
        if follower.computation.isRectifier, sources[follower.outputs[0].id] != final {
          (last, lastIndex) = (follower, next[0])
          isDone[lastIndex] = true
        }
      }
      let output = sources[last.outputs[0].id]
      let isLast = output == final
      let isInherited = node.computation.elements == .selection
      steps.append(
        Step(
          node: node, name: last.name, lastIndex: lastIndex, kind: isLast && !kind.isFinal ? .float : kind,
          inputs: node.inputs.map { sources[$0.id] }, output: output, outputShape: last.outputs[0].shape,
          range: isLast ? .none : isInherited ? .inherited : .own(last.name)))
    }
    self.steps = steps
    input = sources[graph.input.id]
  }
}

extension QuantizationPlan.Kind {
  fileprivate init(_ node: Node) {
    switch node.computation {
    case let convolution as Convolution:
      let geometry = convolution.geometry
      let isExact = geometry.patchSize <= Kernels.mostByteTerms && geometry.window.paddedCount <= 1 << 28
      self = isExact ? .convolution(depthwise: geometry.isDepthwise) : .float
    case let dense as DenseProduct: self = dense.inputs <= Kernels.mostByteTerms ? .dense : .float
    case is Sum: self = .sum
    case is Concatenation: self = .concatenation
    case is MaxPooling: self = .maxPool
    // Sums of bytes must fit into 32 bits.
    case let pool as GlobalAveraging: self = pool.shape.pixels <= 1 << 22 ? .globalAverage : .float
    default: self = node.computation.elements == .function ? .table : .float
    }
  }

  /// Whether its result can be rounded to a range that begins at 0 instead of being rectified.
  fileprivate var takesRectifier: Bool {
    switch self {
    case .convolution, .dense, .sum: true
    default: false
    }
  }

  /// Whether it can write floats.
  fileprivate var isFinal: Bool {
    switch self {
    case .convolution(let depthwise): !depthwise
    case .dense, .float: true
    default: false
    }
  }
}

extension Operator {
  /// Whether it only cuts off numbers below 0, and perhaps those above a limit.
  fileprivate var isRectifier: Bool {
    switch self {
    case let rectifier as Rectification: return rectifier.slope == 0
    case let application as FunctionApplication:
      guard case .clip(let low, let high) = application.function.form else { return false }
      return low == 0 && high > 0
    default: return false
    }
  }
}

extension Graph {
  /// The tensor of a node's weights, its first parameter.
  package func weightTensor(of node: Node) -> NetworkTensor {
    guard let tensor = parameters.tensors.first(where: { $0.range == node.parameters[0] }) else {
      failPrecondition("\(node.name): its weights are not in the graph")
    }
    return tensor
  }
}
