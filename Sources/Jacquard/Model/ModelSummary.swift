/// A model layer by layer: shapes, parameters, work.
public struct ModelSummary: Sendable {
  /// One layer.
  public struct Row: Sendable, Hashable {
    /// For example `conv1`, or `residual1.body.conv1`.
    public let name: String
    /// For example `conv2d`.
    public let type: String
    /// Settings, for example `3×3, stride 1×1, padding 0`.
    public let details: String
    /// The shape per image after the layer.
    public let outputShape: Shape
    /// Trained numbers.
    public let parameterCount: Int
    /// Multiplications (with an addition each) per image.
    public let multiplyAdds: Int
  }

  /// The layers in the order in which they run; those inside a block follow it.
  public let rows: [Row]
  /// Trained numbers in all.
  public let parameterCount: Int
  /// Numbers that are kept but not trained, such as running means.
  public let stateCount: Int
  /// Multiplications (with an addition each) per image, forward.
  public let multiplyAdds: Int
  /// Bytes of activations, gradients and saved choices per image of a training batch, as planned.
  public let trainingBytesPerImage: Int
  /// Bytes of activations per image of inference, as planned.
  public let inferenceBytesPerImage: Int
}

extension Model {
  /// The model layer by layer; throws where shapes do not fit.
  public func summary() throws(ModelError) -> ModelSummary {
    let graph = try compile(options: ComputeOptions())
    let rows = ModelSummary.rows(LayerChain(layers), input: inputShape, prefix: "")
    let training = MemoryPlan(graph, isTraining: true)
    let inference = MemoryPlan(graph, isTraining: false)
    let floatSize = MemoryLayout<Float>.stride
    return ModelSummary(
      rows: rows, parameterCount: graph.parameters.elementCount, stateCount: graph.states.elementCount,
      multiplyAdds: rows.reduce(0) { $0 + $1.multiplyAdds },
      trainingBytesPerImage: training.floatsPerImage * floatSize + training.savedBytesPerImage,
      inferenceBytesPerImage: inference.floatsPerImage * floatSize + inference.savedBytesPerImage)
  }
}

extension ModelSummary {
  /// The rows of layers whose shapes are known to fit.
  fileprivate static func rows(_ chain: LayerChain, input: Shape, prefix: String) -> [Row] {
    var shape = input
    var rows: [Row] = []
    for (layer, name) in zip(chain.layers, chain.names) {
      guard let output = try? layer.outputShape(for: shape) else { break }
      rows.append(
        Row(
          name: prefix + name, type: type(of: layer).type, details: layer.details, outputShape: output,
          parameterCount: layer.tensors(for: shape).reduce(0) { $0 + ($1.role == nil ? 0 : $1.order.count) },
          multiplyAdds: layer.multiplyAdds(for: shape)))
      for group in layer.children {
        rows += Self.rows(LayerChain(group.layers), input: shape, prefix: "\(prefix)\(name).\(group.name).")
      }
      shape = output
    }
    return rows
  }
}

extension TensorPlacement {
  /// Elements of all tensors, without the gaps between them.
  var elementCount: Int { tensors.reduce(0) { $0 + $1.range.count } }
}
