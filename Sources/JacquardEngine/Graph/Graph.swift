internal import Support
public import Samples

/// The activations that flow between operators: an identity and a shape.
///
/// Two values with the same identity are one piece of memory seen with two shapes (a flatten).
public struct Value: Hashable, Sendable {
  package let id: Int
  /// The shape per image.
  public let shape: Shape
}

/// An operator with its place in the graph.
package struct Node: Sendable {
  package let name: String
  package let computation: any Operator
  package let inputs: [Value]
  package let outputs: [Value]
  /// Ranges in the flat array of parameters.
  package let parameters: [Range<Int>]
  /// Ranges in the flat array of states.
  let states: [Range<Int>]
  /// The range of its prepared floats.
  let prepared: Range<Int>
  /// The range of its exchange floats within a shard's.
  let exchange: Range<Int>
  /// False when no operator before this one is trained: its input gradient is not needed.
  package let needsInputGradient: Bool
  /// Whether any of its parameters is trained.
  let isTrained: Bool
}

/// A model as operators in execution order, with its tensors placed in flat arrays.
package struct Graph: Sendable {
  package let nodes: [Node]
  package let input: Value
  package let output: Value
  let valueCount: Int
  let parameters: TensorPlacement
  let states: TensorPlacement
  let preparedCount: Int
  let exchangeCount: Int
  let scratchCount: Int

  /// The largest number of parameters of a network, 1 GiB: a larger number is a mistake in a model file.
  package static let largestParameterCount = 1 << 28
}

/// Collects operators while layers lower themselves.
public struct GraphBuilder {
  /// How products and convolutions are computed.
  public let options: ComputeOptions
  private var layout = NodeLayout()
  private var valueShapes: [Shape] = []
  private var hasParametersBefore: [Bool] = []
  private var parameters = TensorPlacement()
  private var states = TensorPlacement()
  /// The output of each layer, by its name.
  private(set) var layerOutputs: [String: Value] = [:]

  init(options: ComputeOptions) { self.options = options }

  /// The number of trained values so far.
  var parameterCount: Int { parameters.elementCount }

  mutating func makeValue(_ shape: Shape, dependsOnParameters: Bool) -> Value {
    valueShapes.append(shape)
    hasParametersBefore.append(dependsOnParameters)
    return Value(id: valueShapes.count - 1, shape: shape)
  }

  /// Keeps a layer's output, to be found by the layer's name.
  mutating func note(_ value: Value, ofLayer name: String) { layerOutputs[name] = value }

  /// The same activations with another shape of equal size.
  public func reshape(_ value: Value, to shape: Shape) -> Value {
    require(value.shape.count == shape.count, "reshape: \(value.shape) and \(shape) differ in size")
    return Value(id: value.id, shape: shape)
  }

  /// Appends `computation` and returns its only output, of `shape`.
  public mutating func append(
    _ computation: any Operator, name: String, inputs: [Value], tensors: [TensorSpecification] = [], shape: Shape
  ) -> Value {
    append(computation, name: name, inputs: inputs, tensors: tensors, shapes: [shape])[0]
  }

  /// Appends `computation` with its tensors and returns one value per entry of `shapes`.
  public mutating func append(
    _ computation: any Operator, name: String, inputs: [Value], tensors: [TensorSpecification], shapes: [Shape]
  ) -> [Value] {
    let inherits = inputs.contains { hasParametersBefore[$0.id] }
    let trains = tensors.contains { $0.role != nil }
    let outputs = shapes.map { makeValue($0, dependsOnParameters: inherits || trains) }
    var parameterRanges: [Range<Int>] = []
    var stateRanges: [Range<Int>] = []
    for tensor in tensors {
      if tensor.role != nil {
        let index = parameters.append(tensor, layer: name)
        parameterRanges.append(parameters.tensors[index].range)
      } else {
        let index = states.append(tensor, layer: name)
        stateRanges.append(states.tensors[index].range)
      }
    }
    layout.append(
      computation, name: name, inputs: inputs, outputs: outputs, parameters: parameterRanges, states: stateRanges,
      needsInputGradient: inherits, isTrained: trains)
    return outputs
  }

  func finish(input: Value, output: Value) -> Graph {
    Graph(
      nodes: layout.nodes, input: input, output: output, valueCount: valueShapes.count, parameters: parameters,
      states: states, preparedCount: layout.preparedCount, exchangeCount: layout.exchangeCount,
      scratchCount: layout.scratchCount)
  }
}
