internal import Support
internal import JacquardEngine

/// Activations that join again, as a layer with branches from the point where their paths split.
extension ONNXGraphReader {
  /// The largest number of layers in one layer with branches, including nested ones.
  private static let largestLayerCount = 4096
  /// The largest number of concatenations to remember.
  private static let largestJoinCount = 4096

  /// The sum of activations: a residual layer of two, or branches.
  mutating func sum(
    _ paths: [ONNXActivation], _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    let first = paths[0]
    for other in paths.dropFirst() {
      guard first.view == other.view, first.sizes == other.sizes, first.shape == other.shape else {
        throw call.refusal(
          "adds \(first.shape) and \(other.shape) (channels last), or in different orders; the engine adds equal shapes"
        )
      }
    }
    return try join(paths, by: .add, call)
  }

  /// The product of two activations of one shape, or of an image and one factor for each of its channels.
  mutating func product(
    _ first: ONNXActivation, _ second: ONNXActivation, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    if first.view == second.view, first.sizes == second.sizes, first.shape == second.shape {
      return try join([first, second], by: .multiply, call)
    }
    for (image, factors) in [(first, second), (second, first)] {
      let sizes = factors.sizes
      guard image.shape.isImage, image.shape.pixels > 1, sizes.rows * sizes.columns == 1,
        sizes.channels == image.sizes.channels, sizes.channels == factors.shape.count,
        // One dimension for the channels, in the same position, and 1 for the others.
        factors.view.dimensions.count == image.view.dimensions.count,
        zip(factors.view.dimensions, image.view.dimensions).allSatisfy({ $0 == [] || $0 == $1 }),
        factors.view.dimensions == image.view.dimensions.map({ $0 == [.channels] ? $0 : [] })
      else { continue }
      // Except for its shape, a pixel is a vector.
      let vector = factors.shape.isImage ? try append(Flatten(), to: factors, for: call) : factors
      return try join([image, vector], by: .multiply, call)
    }
    throw call.refusal(
      "multiplies \(first.shape) and \(second.shape) (channels last); the engine multiplies equal shapes, and images by one factor for each channel"
    )
  }

  /// Activations side by side along their channels.
  mutating func concatenation(
    _ inputs: [ONNXActivation], axis: Int, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    let rank = inputs[0].view.rank
    let place = axis < 0 ? axis + rank : axis
    guard inputs.allSatisfy({ $0.view.rank == rank }), 1..<rank ~= place else {
      throw call.refusal("joins activations along the batch, or of different numbers of dimensions")
    }
    for input in inputs {
      let others = input.view.dimensions.indices.filter { $0 != place - 1 }
      guard input.view.dimensions[place - 1] == (input.sizes.channels > 1 ? [.channels] : []),
        input.shape.flattenedFrom == nil, input.shape.isImage == inputs[0].shape.isImage,
        others.allSatisfy({ input.view.dimensions[$0] == inputs[0].view.dimensions[$0] }),
        input.sizes.rows == inputs[0].sizes.rows, input.sizes.columns == inputs[0].sizes.columns
      else {
        throw call.refusal(
          "joins \(ForeignText.shape(inputs[0].view.shape(inputs[0].sizes))) and \(ForeignText.shape(input.view.shape(input.sizes))) after the batch along axis \(axis); the engine joins channels"
        )
      }
    }
    guard inputs.count <= Branches.largestPathCount else {
      throw call.refusal("joins \(inputs.count) activations; the limit is \(Branches.largestPathCount)")
    }
    guard inputs.count > 1 else { return inputs[0] }
    // DenseNet repeatedly joins all earlier activations: an earlier concatenation is one path.
    var paths = inputs
    if let known = joined.last(where: { known in
      known.parts.count <= inputs.count && zip(known.parts, inputs).allSatisfy { $0.isSame(as: $1) }
    }) {
      paths.replaceSubrange(0..<known.parts.count, with: [known.result])
    }
    guard paths.count > 1 else { return paths[0] }
    var output = try join(paths, by: .concat, call)
    output.view = inputs[0].view
    output.view.dimensions[place - 1] = [.channels]
    output.sizes = inputs[0].sizes
    output.sizes.channels = output.shape.channels
    if joined.count < Self.largestJoinCount { joined.append((inputs, output)) }
    return output
  }

  /// The layer whose branches are the paths to `paths` from the point where they split.
  private mutating func join(
    _ paths: [ONNXActivation], by merge: Branches.Merge, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    for path in paths where path.step == nil { try begin(with: path.preparation, call) }
    var branches = try ways(to: paths.map(\.step), call)
    // The shape before the first of the layers.
    var input = paths[0]
    if let first = branches.lazy.compactMap(\.first).first {
      input.step = steps[first].parent
      input.shape = steps[first].input
    }
    if input.step == nil { input.preparation = preparation ?? ONNXPreparation() }
    let layer: any Layer
    if merge == .add, branches.count == 2 {
      if branches[0].isEmpty { branches.swapAt(0, 1) }
      guard !branches[0].isEmpty else { throw call.refusal("adds an activation to itself") }
      layer = Residual {
        branches[0].map { steps[$0].layer }
      } shortcut: {
        branches[1].map { steps[$0].layer }
      }
    } else {
      layer = Branches(merge, paths: branches.map { $0.map { steps[$0].layer } })
    }
    let inside = branches.joined().map { steps[$0] }
    let layerCount = inside.reduce(1) { $0 + $1.layerCount }
    let nesting = inside.reduce(0) { max($0, $1.nesting) } + 1
    guard layerCount <= Self.largestLayerCount, nesting <= Self.largestNesting else {
      throw call.refusal(
        "makes a layer with branches of \(layerCount) layers, \(nesting) deep; the limits are \(Self.largestLayerCount) and \(Self.largestNesting)"
      )
    }
    var output = try append(layer, to: input, for: call)
    steps[steps.count - 1].branches = branches
    steps[steps.count - 1].layerCount = layerCount
    steps[steps.count - 1].nesting = nesting
    output.view = paths[0].view
    output.sizes = paths[0].sizes
    return output
  }

  /// The steps from the last common one, exclusive, to each of `ends`.
  private func ways(to ends: [Int?], _ call: ONNXCall) throws(ONNXImportError.Problem) -> [[Int]] {
    var places = ends
    var ways = [[Int]](repeating: [], count: ends.count)
    var count = 0
    while let other = places.first(where: { $0 != places[0] }) {
      let deepest = places.reduce(depth(of: other)) { max($0, depth(of: $1)) }
      for index in places.indices {
        guard let step = places[index], depth(of: step) == deepest else { continue }
        ways[index].append(step)
        places[index] = steps[step].parent
        count += 1
      }
      guard count <= Self.largestLayerCount else {
        throw call.refusal("joins paths of more than \(Self.largestLayerCount) layers")
      }
    }
    return ways.map { $0.reversed() }
  }
}
