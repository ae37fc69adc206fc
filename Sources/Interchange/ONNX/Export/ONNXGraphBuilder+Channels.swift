internal import JacquardEngine
internal import ONNXSchema

/// Branches, slices of the channels, and norms within an image.
extension ONNXGraphBuilder {
  /// Appends branches and the node that joins them.
  mutating func join(
    _ layer: Branches, _ name: String, _ input: Value, _ output: Shape
  ) throws(ONNXExportError) -> String {
    var ends: [String] = []
    for group in layer.children {
      let end = try append(LayerChain(group.layers), prefix: "\(name).\(group.name).", to: input)
      // A vector joined with an image has one number for each channel.
      let isSpread = layer.merge == .multiply && output.isImage && !end.shape.isImage
      ends.append(isSpread ? pixel(end.name, "\(name).\(group.name).pixel") : end.name)
    }
    switch layer.merge {
    case .concat: return node("Concat", name, ends, [.integer("axis", 1)])
    case .add:
      guard quantization != nil, ends.count > 2 else { return node(ends.count == 2 ? "Add" : "Sum", name, ends) }
      // Each sum of two is rounded.
      var sum = ends[0]
      for (index, end) in ends.dropFirst().enumerated() {
        let isLast = index == ends.count - 2
        let step = "\(name).sum\(index + 1)"
        sum = node("Add", isLast ? name : step, [sum, end])
        if !isLast { sum = rounded(sum, of: step) }
      }
      return sum
    case .multiply: return node("Mul", name, ends)
    }
  }

  /// A vector as an image of one pixel.
  private mutating func pixel(_ source: String, _ name: String) -> String {
    node("Unsqueeze", name, [source, integers("\(name).axes", [2, 3])])
  }

  /// The dimensions of an activation for a reshape that keeps the batch and replaces the channels.
  private static func sizes(_ shape: Shape, channels: [Int]) -> [Int] {
    [0] + channels + (shape.isImage ? [shape.height, shape.width] : [])
  }

  /// Appends a layer that moves numbers without computing.
  mutating func moved(_ layer: any Layer, _ name: String, _ input: Value) -> String {
    switch layer {
    case let layer as ChannelSlice:
      let bounds = [("start", layer.start), ("end", layer.start + layer.count), ("axis", 1)]
      return node("Slice", name, [input.name] + bounds.map { integers("\(name).\($0.0)", [$0.1]) })
    case let layer as ZeroPad2D:
      let padding = layer.padding
      let pads = [0, 0, padding.top, padding.left, 0, 0, padding.bottom, padding.right]
      return node("Pad", name, [input.name, integers("\(name).pads", pads)])
    case let layer as ChannelShuffle:
      let (shape, width) = (input.shape, input.shape.channels / layer.groups)
      let cut = Self.sizes(shape, channels: [layer.groups, width])
      let groups = node("Reshape", "\(name).groups", [input.name, integers("\(name).cut", cut)])
      var order = Array(cut.indices)
      order.swapAt(1, 2)
      let moved = node("Transpose", "\(name).moved", [groups], [.integers("perm", order)])
      let whole = Self.sizes(shape, channels: [shape.channels])
      return node("Reshape", name, [moved, integers("\(name).whole", whole)])
    default: return input.name
    }
  }

  /// Appends a norm within an image.
  mutating func norm(_ layer: any Layer, _ name: String, _ input: Value) -> String {
    let (source, shape) = (input.name, input.shape)
    switch layer {
    case let layer as LocalResponseNorm:
      let image = shape.isImage ? source : pixel(source, "\(name).pixel")
      let output = node(
        "LRN", shape.isImage ? name : "\(name).norm", [image],
        [
          .integer("size", layer.size), .number("alpha", layer.alpha), .number("beta", layer.beta),
          .number("bias", layer.bias),
        ])
      return shape.isImage ? output : flattened(output, name)
    case let layer as GroupNorm:
      // A separate operator exists only from set 21 on.
      let epsilon = [ONNXAttribute.number("epsilon", layer.epsilon)]
      if layer.groups == shape.channels, shape.isImage {
        return node("InstanceNormalization", name, [source] + weights(name, ["weight", "bias"]), epsilon)
      }
      let rows = node("Reshape", "\(name).rows", [source, integers("\(name).cut", [0, layer.groups, -1])])
      let ones = constant("\(name).ones", shape: [layer.groups], Array(repeating: 1, count: layer.groups))
      let zeros = constant("\(name).zeros", shape: [layer.groups], Array(repeating: 0, count: layer.groups))
      let normed = node("InstanceNormalization", "\(name).normed", [rows, ones, zeros], epsilon)
      let whole = Self.sizes(shape, channels: [shape.channels])
      return scaled(node("Reshape", "\(name).channels", [normed, integers("\(name).whole", whole)]), name, shape)
    case let layer as LayerNorm:
      // A separate operator exists only from set 17 on, and only for the last dimension.
      let axes = ONNXAttribute.integers("axes", [1])
      let mean = node("ReduceMean", "\(name).mean", [source], [axes, .integer("keepdims", 1)])
      let centred = node("Sub", "\(name).centred", [source, mean])
      let squares = node("Mul", "\(name).squares", [centred, centred])
      let variance = node("ReduceMean", "\(name).variance", [squares], [axes, .integer("keepdims", 1)])
      let shifted = node("Add", "\(name).shifted", [variance, constant("\(name).epsilon", [layer.epsilon])])
      let deviation = node("Sqrt", "\(name).deviation", [shifted])
      return scaled(node("Div", "\(name).normed", [centred, deviation]), name, shape)
    default: return source
    }
  }

  /// `x · weight + bias`, with one number for each channel.
  private mutating func scaled(_ source: String, _ name: String, _ shape: Shape) -> String {
    let perChannel = shape.isImage ? [shape.channels, 1, 1] : [shape.channels]
    let parameters = ["weight", "bias"].compactMap { weight("\(name).\($0)", shape: perChannel) }
    guard parameters.count == 2 else { return source }
    return node("Add", name, [node("Mul", "\(name).scaled", [source, parameters[0]]), parameters[1]])
  }
}
