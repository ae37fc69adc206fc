internal import Support
internal import JacquardEngine

/// Norms within an image.
extension ONNXGraphReader {
  /// `InstanceNormalization`, alone or on channels split into groups, which is a group norm.
  mutating func instanceNorm(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let epsilon = try epsilon(&call)
    if case .grouped(let input, let grouping) = try value(0, of: call) {
      switch grouping.form {
      case .rows: break
      case .cut where grouping.shape.count == 2: break
      default: throw call.refusal("normalizes groups of channels in a way that is not a group norm")
      }
      let layer = GroupNorm(groups: grouping.groups, epsilon: epsilon)
      let output = try normed(input, layer, perGroup: grouping.groups, call)
      return .grouped(output, grouping)
    }
    let input = try activation(0, of: call)
    let dimensions = input.view.dimensions
    guard let first = dimensions.first, input.shape.flattenedFrom == nil,
      Set(input.view.order) == Set(input.sizes.order), input.view.rank > 2
    else { throw call.refusal(Self.noImage(input)) }
    // A first dimension of 1 combines all channels.
    guard first == [.channels] || first == [] else { throw call.refusal(Self.noImage(input)) }
    let groups = first == [] ? 1 : input.sizes.channels
    return .activation(
      try normed(input, GroupNorm(groups: groups, epsilon: epsilon), perGroup: groups, call))
  }

  /// `GroupNormalization`: before operator set 21 it had parameters per group, since then per channel.
  mutating func groupNorm(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let epsilon = try epsilon(&call)
    _ = try call.integer("stash_type")
    let input = try activation(0, of: call)
    guard let groups = try call.integer("num_groups"), 1...input.sizes.channels ~= groups,
      input.shape.flattenedFrom == nil, input.view.dimensions.first == (input.sizes.channels > 1 ? [.channels] : [])
    else { throw call.refusal("does not say how many groups an image with channels first has") }
    let perGroup = operatorSet < 21 ? groups : input.sizes.channels
    return .activation(try normed(input, GroupNorm(groups: groups, epsilon: epsilon), perGroup: perGroup, call))
  }

  /// `LayerNormalization` over the channels of each pixel, or over whole images.
  mutating func layerNorm(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let epsilon = try epsilon(&call)
    _ = try call.integer("stash_type")
    let stated = try call.integer("axis") ?? -1
    let input = try activation(0, of: call)
    let axis = stated < 0 ? stated + input.view.rank : stated
    guard 1..<input.view.rank ~= axis, input.shape.flattenedFrom == nil else {
      throw call.refusal("has axis = \(stated), which normalizes the batch or a flattened image")
    }
    let covered = input.view.dimensions[(axis - 1)...].flatMap { $0 }
    let shape = Array(input.view.shape(input.sizes)[(axis - 1)...])
    let isChannels = covered == (input.sizes.channels > 1 ? [.channels] : [])
    guard isChannels || Set(covered) == Set(input.sizes.order) else {
      throw call.refusal("normalizes dimensions that are neither the channels nor all of an image")
    }
    var tensors: [String: [Float]] = [:]
    for (index, name) in ["weight", "bias"].enumerated() {
      let count = input.sizes.channels
      guard let constant = try constant(index + 1, of: call) else {
        tensors[name] = Array(repeating: index == 0 ? 1 : 0, count: count)
        continue
      }
      guard let numbers = Self.byChannel(constant, shape, covered, input.sizes) else {
        throw call.refusal(
          "has parameters of the shape \(ForeignText.shape(constant.shape)); the engine has one for each of \(count) channels"
        )
      }
      tensors[name] = numbers
    }
    let layer: any Layer = isChannels ? LayerNorm(epsilon: epsilon) : GroupNorm(groups: 1, epsilon: epsilon)
    return .activation(try append(layer, tensors, to: input, for: call))
  }

  /// One number per channel, from a constant that is broadcast to `shape`, whose dimensions correspond to `axes`; nil if they differ within a
  /// channel.
  private static func byChannel(
    _ constant: ONNXConstant, _ shape: [Int], _ axes: [ONNXAxis], _ sizes: ONNXAxisSizes
  ) -> [Float]? {
    let values = constant.floats
    if constant.count == 1 { return Array(repeating: values[0], count: sizes.channels) }
    if constant.shape.filter({ $0 > 1 }) == [sizes.channels], axes.contains(.channels) {
      let isChannelDimension = constant.shape == shape || constant.shape.count <= shape.count
      return isChannelDimension && axes.last == .channels || constant.shape.count == shape.count ? values : nil
    }
    guard constant.shape == shape else { return nil }
    let inner = axes.reversed().prefix { $0 != .channels }.reduce(1) { $0 * sizes[$1] }
    var result = [Float?](repeating: nil, count: sizes.channels)
    for (index, value) in values.enumerated() {
      let channel = index / inner % sizes.channels
      guard result[channel] == nil || result[channel] == value else { return nil }
      result[channel] = value
    }
    return result.compactMap(\.self)
  }

  /// `LRN`, local response normalization.
  mutating func responseNorm(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let (alpha, beta) = (try call.float("alpha") ?? 1e-4, try call.float("beta") ?? 0.75)
    let (bias, size) = (try call.float("bias") ?? 1, try call.integer("size") ?? 0)
    let input = try activation(0, of: call)
    guard input.shape.flattenedFrom == nil, input.view == .channelsFirst(input.sizes) else {
      throw call.refusal(Self.noImage(input))
    }
    guard 1...65536 ~= size, alpha >= 0, alpha.isFinite, 0...16 ~= beta, bias >= 1e-6, bias.isFinite else {
      throw call.refusal("has size = \(size), alpha = \(alpha), beta = \(beta) and bias = \(bias), out of range")
    }
    return .activation(
      try append(LocalResponseNorm(size: size, alpha: alpha, beta: beta, bias: bias), to: input, for: call))
  }

  /// The end of a layer norm written as several nodes, `(x − mean) / √(variance + ε)`; nil for other divisions.
  mutating func normalized(_ call: ONNXCall) throws(ONNXImportError.Problem) -> ONNXActivation? {
    guard case .statistic(let input, .centred) = try value(0, of: call),
      case .statistic(let other, .variance(let epsilon, true)) = try value(1, of: call), input.isSame(as: other)
    else { return nil }
    guard epsilon > 0, epsilon <= 1 else { throw call.refusal("has epsilon = \(epsilon)") }
    let channels = input.sizes.channels
    return try append(
      LayerNorm(epsilon: epsilon),
      ["weight": Array(repeating: 1, count: channels), "bias": Array(repeating: 0, count: channels)], to: input,
      for: call)
  }

  /// A group norm with the parameters of a node: one per group or per channel.
  private mutating func normed(
    _ input: ONNXActivation, _ layer: GroupNorm, perGroup count: Int, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    let channels = input.sizes.channels
    var tensors: [String: [Float]] = [:]
    for (index, name) in ["weight", "bias"].enumerated() {
      guard let constant = try constant(index + 1, of: call), constant.shape == [count] else {
        throw call.refusal("should have \(count) numbers as input \(index + 2)")
      }
      let values = constant.floats
      tensors[name] = (0..<channels).map { values[$0 * count / channels] }
    }
    return try append(layer, tensors, to: input, for: call)
  }

  private func epsilon(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> Float {
    let epsilon = try call.float("epsilon") ?? 1e-5
    guard epsilon > 0, epsilon <= 1 else { throw call.refusal("has epsilon = \(epsilon)") }
    return epsilon
  }
}
