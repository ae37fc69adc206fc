internal import Support
internal import JacquardEngine

extension ONNXGraphReader {
  /// `GlobalAveragePool` and `GlobalMaxPool`.
  mutating func globalPool(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let input = try activation(0, of: call)
    guard input.isImageWithChannelsFirst else { throw call.refusal(Self.noImage(input)) }
    return .activation(
      try pooled(input, isMaximum: call.type == "GlobalMaxPool", as: .channelsFirst, call))
  }

  /// `ReduceMean` and `ReduceMax` over rows and columns, which are global pools; a mean over the channels is part of a layer norm.
  mutating func reduction(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    var isVariance = false
    let input: ONNXActivation
    if case .statistic(let source, .squares) = try value(0, of: call) {
      (input, isVariance) = (source, true)
    } else {
      input = try activation(0, of: call)
    }
    let isMaximum = call.type == "ReduceMax"
    let isInput = operatorSet >= 18
    let stated = isInput ? try integers(1, of: call) : try call.integers("axes")
    let keepsDimensions = try call.integer("keepdims") ?? 1 != 0
    _ = try call.integer("noop_with_empty_axes")
    guard let stated, !stated.isEmpty else { throw call.refusal("does not say which dimensions it reduces") }
    let axes = Set(stated.map { $0 < 0 ? $0 + input.view.rank : $0 })
    guard axes.count == stated.count, axes.allSatisfy({ 1..<input.view.rank ~= $0 }) else {
      throw call.refusal("reduces the dimensions \(ForeignText.shape(stated)), which include the batch or repeat one")
    }
    let gone = Set(axes.flatMap { input.view.dimensions[$0 - 1] })
    // Part of a layer norm.
    if gone == [.channels], keepsDimensions, !isMaximum, input.sizes.channels > 1, input.shape.flattenedFrom == nil {
      return .statistic(input, isVariance ? .variance(epsilon: 0, isRoot: false) : .mean)
    }
    guard !isVariance else { throw call.refusal("is a part of a norm that the engine does not have") }
    let pixels = Set(input.sizes.order.filter { $0 != .channels })
    guard input.shape.isImage, gone == pixels else {
      throw call.refusal(
        "reduces the dimensions \(ForeignText.shape(stated)), which are not the rows and columns of an image")
    }
    let kept = input.view.dimensions.indices.filter { keepsDimensions || !axes.contains($0 + 1) }
    let view = ONNXView(kept.map { axes.contains($0 + 1) ? [] : input.view.dimensions[$0] })
    return .activation(try pooled(input, isMaximum: isMaximum, as: .view(view), call))
  }

  /// The view of a global pool's result.
  private enum Seen {
    case channelsFirst
    case view(ONNXView)
  }

  private mutating func pooled(
    _ input: ONNXActivation, isMaximum: Bool, as seen: Seen, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    let layer: any Layer = isMaximum ? GlobalMaxPool() : GlobalAveragePool()
    var output = try append(layer, to: input, for: call)
    switch seen {
    case .channelsFirst: output.view = .channelsFirst(output.sizes)
    case .view(let view): output.view = view
    }
    return output
  }

  /// `Pad` with zeros, which a convolution or pool after it may absorb.
  mutating func pad(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let input = try activation(0, of: call)
    let isOld = operatorSet < 11
    let mode = try call.string("mode") ?? "constant"
    guard mode == "constant" else {
      throw call.refusal("pads with \(ForeignText.quoted(mode)); the engine pads with zeros")
    }
    let value = isOld ? try call.float("value") ?? 0 : try constant(2, of: call)?.floats.first ?? 0
    guard value == 0 else { throw call.refusal("pads with \(value); the engine pads with zeros") }
    guard let pads = isOld ? try call.integers("pads") : try integers(1, of: call) else {
      throw call.refusal("does not say how much to pad")
    }
    let axes = try integers(3, of: call) ?? Array(0..<input.view.rank)
    guard pads.count == 2 * axes.count, pads.allSatisfy({ 0...65536 ~= $0 }) else {
      throw call.refusal("has pads \(ForeignText.shape(pads)) for \(axes.count) dimensions")
    }
    var padding = Padding.valid
    for (place, stated) in axes.enumerated() where pads[place] + pads[place + axes.count] > 0 {
      let axis = stated < 0 ? stated + input.view.rank : stated
      let (before, after) = (pads[place], pads[place + axes.count])
      switch self.axis(axis, of: input) {
      case .rows where padding.top + padding.bottom == 0: (padding.top, padding.bottom) = (before, after)
      case .columns where padding.left + padding.right == 0: (padding.left, padding.right) = (before, after)
      default: throw call.refusal("pads the dimension \(stated), which is neither rows nor columns of an image")
      }
    }
    return padding == .valid ? .activation(input) : .padded(input, padding)
  }

  /// The axis of a dimension, if it has exactly one.
  private func axis(_ dimension: Int, of input: ONNXActivation) -> ONNXAxis? {
    guard input.shape.isImage, 1..<input.view.rank ~= dimension else { return nil }
    if input.isImageWithChannelsFirst { return [.channels, .rows, .columns][dimension - 1] }
    let axes = input.view.dimensions[dimension - 1]
    return axes.count == 1 ? axes[0] : nil
  }
}
