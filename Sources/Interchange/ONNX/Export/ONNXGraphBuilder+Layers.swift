internal import JacquardEngine
internal import ONNXSchema

extension ONNXGraphBuilder {
  /// Appends layers that run one after the other; their names begin with `prefix`.
  mutating func append(_ chain: LayerChain, prefix: String, to input: Value) throws(ONNXExportError) -> Value {
    var value = input
    for (layer, name) in zip(chain.layers, chain.names(within: prefix)) { value = try append(layer, name, to: value) }
    return value
  }

  private mutating func append(
    _ layer: any Layer, _ name: String, to input: Value
  ) throws(ONNXExportError) -> Value {
    let shape: Shape
    do throws(ShapeMismatch) {
      shape = try layer.outputShape(for: input.shape)
    } catch {
      throw ONNXExportError(layer: name, reason: error.description)
    }
    let output = try node(of: layer, name, input, shape)
    // Some layers append nothing.
    guard output != input.name else { return Value(name: output, shape: shape, range: input.range) }
    return rounded(Value(name: output, shape: shape), after: layer, name, input)
  }

  /// Appends a layer's nodes, and returns the name of its output.
  private mutating func node(
    of layer: any Layer, _ name: String, _ input: Value, _ output: Shape
  ) throws(ONNXExportError) -> String {
    let source = input.name
    switch layer {
    case let layer as Conv2D:
      return node(
        "Conv", name, [source] + products(name, input),
        Self.window(layer.kernelSize, layer.stride, layer.padding) + [
          .integers("dilations", layer.dilation.sides), .integer("group", layer.groups),
        ])
    case let layer as MaxPool2D:
      return node("MaxPool", name, [source], Self.window(layer.size, layer.stride, layer.padding))
    case let layer as AveragePool2D:
      return node(
        "AveragePool", name, [source],
        Self.window(layer.size, layer.stride, layer.padding)
          + [.integer("count_include_pad", layer.countsPadding ? 1 : 0)])
    case let layer as BatchNorm2D:
      // The format's momentum is the weight of the old value, ours is that of the new one.
      return node(
        "BatchNormalization", name, [source] + weights(name, ["weight", "bias", "running_mean", "running_var"]),
        [.number("epsilon", layer.epsilon), .number("momentum", 1 - layer.momentum)])
    case is Dense:
      return node("Gemm", name, [source] + products(name, input), [.integer("transB", 1)])
    case let layer as Residual:
      let body = try append(LayerChain(layer.body), prefix: "\(name).body.", to: input)
      let shortcut = try append(LayerChain(layer.shortcut), prefix: "\(name).shortcut.", to: input)
      return node("Add", name, [body.name, shortcut.name])
    case is Flatten:
      return input.shape.isImage ? flattened(source, name) : source
    case is GlobalAveragePool:
      return flattened(rounded(node("GlobalAveragePool", "\(name).pool", [source]), of: name), name)
    case is GlobalMaxPool:
      return flattened(rounded(node("GlobalMaxPool", "\(name).pool", [source]), of: name), name)
    case is Dropout:
      return source
    case let layer as Branches:
      return try join(layer, name, input, output)
    case is ChannelSlice, is ChannelShuffle, is ZeroPad2D:
      return moved(layer, name, input)
    case is GroupNorm, is LayerNorm, is LocalResponseNorm:
      return norm(layer, name, input)
    default:
      return try activation(layer, name, input)
    }
  }

  /// Flattens an image to a vector, in the order channel, row, column.
  mutating func flattened(_ source: String, _ name: String) -> String {
    node("Flatten", name, [source], [.integer("axis", 1)])
  }

  /// The tensors of a layer, by name.
  mutating func weights(_ layer: String, _ names: [String]) -> [String] {
    names.compactMap { weight("\(layer).\($0)") }
  }

  /// Attributes shared by convolutions and pools. Padding is always explicit, because some readers reject it together with `auto_pad`.
  private static func window(_ size: Size2D, _ stride: Size2D, _ padding: Padding) -> [ONNXAttribute] {
    [
      .integers("kernel_shape", size.sides), .integers("strides", stride.sides),
      .integers("pads", [padding.top, padding.left, padding.bottom, padding.right]),
    ]
  }
}

extension Size2D {
  /// Height and width.
  fileprivate var sides: [Int] { [height, width] }
}
