internal import Support
internal import JacquardEngine

/// Slices and groups of channels.
extension ONNXGraphReader {
  /// `Split` along the channels; each output is a slice.
  mutating func split(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let input = try activation(0, of: call)
    let stated = try call.integer("axis") ?? 0
    let count = try call.integer("num_outputs") ?? call.outputs.count
    guard count == call.outputs.count else {
      throw call.refusal("has num_outputs = \(count) and \(call.outputs.count) outputs")
    }
    let axis = try channelAxis(stated, of: input, call)
    let total = input.sizes.channels
    let listed = operatorSet < 13 ? try call.integers("split") : try integers(1, of: call)
    let even = (total + count - 1) / count
    let parts = listed ?? (0..<count).map { min(even, total - $0 * even) }
    guard parts.count == count, parts.allSatisfy({ 1...total ~= $0 }), parts.reduce(0, +) == total else {
      throw call.refusal("splits \(total) channels into \(ForeignText.shape(parts)) for \(count) outputs")
    }
    var start = 0
    var first: ONNXActivation?
    for (name, part) in zip(call.outputs, parts) {
      if uses[name] != nil {
        let slice = try sliced(input, axis: axis, start..<start + part, call)
        values[name] = .activation(slice)
        if first == nil { first = slice }
      }
      start += part
    }
    // The first output may be unused.
    if case .activation(let output) = values[call.outputs[0]] { return .activation(output) }
    return .activation(first ?? input)
  }

  /// Part of an activation along its channels.
  mutating func slicedActivation(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let input = try activation(0, of: call)
    let isOld = operatorSet < 10
    let starts = isOld ? try call.integers("starts") : try integers(1, of: call)
    let ends = isOld ? try call.integers("ends") : try integers(2, of: call)
    let axes = isOld ? try call.integers("axes") : try integers(3, of: call)
    let steps = isOld ? nil : try integers(4, of: call)
    guard let starts, let ends, starts.count == ends.count, !starts.isEmpty,
      axes.map({ $0.count == starts.count }) ?? true, steps.map({ $0.allSatisfy { $0 == 1 } }) ?? true
    else { throw call.refusal("takes a slice whose bounds are not constants, or that skips elements") }
    let shape = input.view.shape(input.sizes)
    var output = input
    for (index, stated) in (axes ?? Array(0..<starts.count)).enumerated() {
      let axis = stated < 0 ? stated + input.view.rank : stated
      guard 1..<input.view.rank ~= axis else { throw call.refusal("takes a part of the batch") }
      let size = shape[axis - 1]
      func clipped(_ index: Int) -> Int { min(max(index < 0 ? max(index, -size) + size : index, 0), size) }
      let range = (clipped(starts[index]), clipped(ends[index]))
      guard range.0 < range.1 else { throw call.refusal("takes no elements of dimension \(axis)") }
      if range == (0, size) { continue }
      output = try sliced(
        output, axis: try channelAxis(axis, of: output, call), range.0..<range.1, call)
    }
    return .activation(output)
  }

  /// The index, from 1, of a dimension that contains only channels.
  private func channelAxis(
    _ stated: Int, of input: ONNXActivation, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> Int {
    let axis = stated < 0 ? stated + input.view.rank : stated
    guard 1..<input.view.rank ~= axis, input.view.dimensions[axis - 1] == [.channels],
      input.shape.flattenedFrom == nil
    else {
      throw call.refusal(
        "cuts \(ForeignText.shape(input.view.shape(input.sizes))) after the batch along axis \(stated); the engine cuts channels"
      )
    }
    return axis
  }

  private mutating func sliced(
    _ input: ONNXActivation, axis: Int, _ range: Range<Int>, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    guard range.count < input.sizes.channels else { return input }
    var output = try append(ChannelSlice(start: range.lowerBound, count: range.count), to: input, for: call)
    output.view = input.view
    output.view.dimensions[axis - 1] = range.count > 1 ? [.channels] : []
    output.sizes = input.sizes
    output.sizes.channels = range.count
    return output
  }

  /// `Expand`: no operation if the shape stays; broadcasting a vector over pixels is left to the product that uses it.
  mutating func expand(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let target = try sizes(1, of: call)
    let input = try activation(0, of: call)
    let old = input.view.shape(input.sizes)
    var shape: [Int] = []
    for (index, size) in target.sizes.enumerated() where index > 0 {
      guard case .known(let size) = size, old.indices.contains(index - 1) else { break }
      shape.append(size == 1 ? old[index - 1] : size)
    }
    let isBatchKept =
      switch target.sizes.first {
      case .batch, .known(1): true
      case .known(let size): size == batch
      case nil: false
      }
    guard isBatchKept, shape.count == old.count, shape.count == target.sizes.count - 1,
      zip(old, shape).allSatisfy({ $0 == $1 || $0 == 1 })
    else { throw call.refusal("expands \(ForeignText.shape(old)) after the batch to a shape that it does not fit") }
    return shape == old ? .activation(input) : .expanded(input, shape)
  }

  // MARK: Groups

  /// The result of a reshape that splits the channels into groups; nil for other reshapes.
  func grouping(of input: ONNXActivation, as shape: [Int]) -> ONNXGrouping? {
    let (old, channels) = (input.view.shape(input.sizes), input.sizes.channels)
    guard input.shape.flattenedFrom == nil, let place = input.view.dimensions.firstIndex(of: [.channels]) else {
      return nil
    }
    let rest = Array(old[(place + 1)...])
    func cut(behind tail: [Int]) -> Bool {
      shape.count == place + 2 + tail.count && Array(shape[..<place]) == Array(old[..<place])
        && shape[place] > 1 && shape[place] * shape[place + 1] == channels && Array(shape[(place + 2)...]) == tail
    }
    // The pixels may have one dimension or two.
    if cut(behind: rest) || (place == 0 && cut(behind: [rest.reduce(1, *)])) {
      return ONNXGrouping(groups: shape[place], place: place, shape: shape, form: .cut)
    }
    guard place == 0, shape.count == 2, shape[0] > 1, channels % shape[0] == 0 else { return nil }
    return ONNXGrouping(groups: shape[0], place: 0, shape: shape, form: .rows)
  }

  /// The activation after a reshape that merges groups of channels again; nil for other reshapes.
  mutating func ungrouped(
    _ input: ONNXActivation, _ grouping: ONNXGrouping, as shape: [Int], _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation? {
    guard shape == input.view.shape(input.sizes) else { return nil }
    guard case .transposed = grouping.form else { return input }
    var output = try append(ChannelShuffle(groups: grouping.groups), to: input, for: call)
    output.view = input.view
    return output
  }

  /// Exchanges the groups and the channels within them.
  func transposed(
    _ grouping: ONNXGrouping, _ permutation: [Int], _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXGrouping {
    var expected = Array(0...grouping.shape.count)
    expected.swapAt(grouping.place + 1, grouping.place + 2)
    guard permutation == expected, grouping.shape.count > grouping.place + 1 else {
      throw call.refusal(
        "moves groups of channels by perm = \(ForeignText.shape(permutation)), which is not a shuffle of channels")
    }
    var result = grouping
    result.shape.swapAt(grouping.place, grouping.place + 1)
    switch grouping.form {
    case .cut: result.form = .transposed
    case .transposed: result.form = .cut
    case .rows: throw call.refusal("moves groups of channels whose numbers share one dimension")
    }
    return result
  }
}
