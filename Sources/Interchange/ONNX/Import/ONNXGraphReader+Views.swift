internal import Support
internal import JacquardEngine

/// Operators that compute nothing, but change the graph's view of an activation.
extension ONNXGraphReader {
  mutating func flatten(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let stated = try call.integer("axis") ?? 1
    if case .constant(let constant) = try value(0, of: call) {
      let axis = stated < 0 ? stated + constant.shape.count : stated
      guard 0...constant.shape.count ~= axis else { throw call.refusal("has axis = \(stated)") }
      let shape = [constant.shape[..<axis].reduce(1, *), constant.shape[axis...].reduce(1, *)]
      return .constant(constant.reshaped(shape))
    }
    return try seen(call) { input throws(ONNXImportError.Problem) in
      let axis = stated < 0 ? stated + input.view.rank : stated
      guard 1...input.view.rank ~= axis, input.view.dimensions[..<(axis - 1)].allSatisfy(\.isEmpty) else {
        throw call.refusal("has axis = \(stated): the batch must stay a separate dimension")
      }
      return ONNXView([input.view.order])
    }
  }

  mutating func transpose(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let stated = try call.integers("perm")
    func permutation(_ rank: Int) throws(ONNXImportError.Problem) -> [Int] {
      let permutation = stated ?? (0..<rank).reversed()
      guard permutation.sorted() == Array(0..<rank) else {
        throw call.refusal("has perm = \(ForeignText.shape(permutation)) for \(rank) dimensions")
      }
      return permutation
    }
    if case .constant(let constant) = try value(0, of: call) {
      try spend(constant.count, for: call)
      return .constant(constant.transposed(try permutation(constant.shape.count)))
    }
    func change(_ input: ONNXActivation) throws(ONNXImportError.Problem) -> ONNXView {
      let permutation = try permutation(input.view.rank)
      guard permutation[0] == 0 else { throw call.refusal("moves the batch from its place as the first dimension") }
      return ONNXView(permutation.dropFirst().map { input.view.dimensions[$0 - 1] })
    }
    switch try value(0, of: call) {
    case .padded(var input, let padding):
      input.view = try change(input)
      return .padded(input, padding)
    case .grouped(let input, let grouping):
      let permutation = try permutation(grouping.shape.count + 1)
      return .grouped(input, try transposed(grouping, permutation, call))
    default: return try seen(call, change)
    }
  }

  mutating func squeeze(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let axes = try axes(&call)
    let batch = batch
    func places(_ sizes: [ONNXSize]) throws(ONNXImportError.Problem) -> Set<Int> {
      guard let axes else {
        guard sizes.first != .batch || (batch != nil && batch != 1) else {
          throw call.refusal("removes every dimension of 1, which may include the batch")
        }
        return Set(sizes.indices.filter { sizes[$0] == .known(1) })
      }
      let places = axes.map { $0 < 0 ? $0 + sizes.count : $0 }
      guard places.allSatisfy({ sizes.indices.contains($0) && sizes[$0] == .known(1) }) else {
        throw call.refusal("removes the dimensions \(ForeignText.shape(axes)), which are not all 1")
      }
      return Set(places)
    }
    switch try value(0, of: call) {
    case .constant(let constant):
      let gone = try places(constant.shape.map(ONNXSize.known))
      return .constant(
        constant.reshaped(constant.shape.indices.filter { !gone.contains($0) }.map { constant.shape[$0] }))
    case .sizes(let sizes, false) where sizes.count == 1 && (axes ?? [0] == [0] || axes == [-1]):
      return .sizes(sizes, isSingle: true)
    default:
      return try seen(call) { input throws(ONNXImportError.Problem) in
        let gone = try places([.batch] + input.view.shape(input.sizes).map(ONNXSize.known))
        let kept = input.view.dimensions.indices.filter { !gone.contains($0 + 1) }
        return ONNXView(kept.map { input.view.dimensions[$0] })
      }
    }
  }

  mutating func unsqueeze(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    guard let axes = try axes(&call) else { throw call.refusal("does not say which dimensions to add") }
    /// For each dimension of the result, its index in the input; nil for a new dimension.
    func layout(_ rank: Int) throws(ONNXImportError.Problem) -> [Int?] {
      let total = rank + axes.count
      let places = Set(axes.map { $0 < 0 ? $0 + total : $0 })
      guard total <= ONNXConstant.largestRank, places.count == axes.count, places.allSatisfy({ 0..<total ~= $0 }) else {
        throw call.refusal("adds the dimensions \(ForeignText.shape(axes)) to \(rank)")
      }
      var next = 0
      return (0..<total).map { place in
        if places.contains(place) { return nil }
        next += 1
        return next - 1
      }
    }
    switch try value(0, of: call) {
    case .constant(let constant):
      let layout = try layout(constant.shape.count)
      return .constant(constant.reshaped(layout.map { $0.map { constant.shape[$0] } ?? 1 }))
    case .sizes(let sizes, true) where axes == [0] || axes == [-1]:
      return .sizes(sizes, isSingle: false)
    default:
      return try seen(call) { input throws(ONNXImportError.Problem) in
        let layout = try layout(input.view.rank)
        guard layout[0] == 0 else { throw call.refusal("adds a dimension before that of the batch") }
        return ONNXView(layout.dropFirst().map { $0.map { input.view.dimensions[$0 - 1] } ?? [] })
      }
    }
  }

  mutating func reshape(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let target = try sizes(1, of: call)
    let keepsZeros = try call.integer("allowzero") ?? 0 != 0
    guard !target.isSingle, target.sizes.count <= ONNXConstant.largestRank else {
      throw call.refusal("has a shape that is not supported")
    }
    let shape = target.sizes
    if case .constant(let constant) = try value(0, of: call) {
      let known = shape.map { if case .known(let size) = $0 { size } else { -2 } }
      guard let result = Self.resolved(known, from: constant.shape, keepsZeros: keepsZeros) else {
        throw call.refusal("makes \(ForeignText.shape(known)) of \(ForeignText.shape(constant.shape))")
      }
      return .constant(constant.reshaped(result))
    }
    if case .grouped(let input, let grouping) = try value(0, of: call) {
      let known = try reshaped(shape, from: grouping.shape, keepsZeros: keepsZeros, call)
      guard let output = try ungrouped(input, grouping, as: known, call) else {
        throw call.refusal("makes \(ForeignText.shape(known)) of channels that are cut into groups")
      }
      return .activation(output)
    }
    if case .probabilities = try value(0, of: call) {
    } else {
      let input = try activation(0, of: call)
      let known = try reshaped(shape, from: input.view.shape(input.sizes), keepsZeros: keepsZeros, call)
      if input.view.reshaped(known, input.sizes) == nil, let grouping = grouping(of: input, as: known) {
        return .grouped(input, grouping)
      }
    }
    let batch = batch
    return try seen(call) { input throws(ONNXImportError.Problem) in
      let known = try Self.reshaped(
        shape, from: input.view.shape(input.sizes), batch: batch, keepsZeros: keepsZeros, call)
      guard let view = input.view.reshaped(known, input.sizes) else {
        throw call.refusal("cuts channels, rows or columns into parts, which the engine does not support")
      }
      return view
    }
  }

  private func reshaped(
    _ shape: [ONNXSize], from old: [Int], keepsZeros: Bool, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> [Int] {
    try Self.reshaped(shape, from: old, batch: batch, keepsZeros: keepsZeros, call)
  }

  /// The dimensions after the batch that result from a reshape.
  private static func reshaped(
    _ shape: [ONNXSize], from old: [Int], batch: Int?, keepsZeros: Bool, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> [Int] {
    // From here on the batch counts as 1; it must be the first dimension.
    let rest = shape.dropFirst().map { if case .known(let size) = $0 { size } else { -2 } }
    let isBatchFirst: Bool =
      switch shape.first {
      case .batch: true
      case .known(0): !keepsZeros
      case .known(-1): !rest.contains(-1)
      case .known(let size): size == batch ?? 1
      case nil: false
      }
    guard isBatchFirst, let known = resolved([1] + rest, from: [1] + old, keepsZeros: keepsZeros) else {
      throw call.refusal(
        "reshapes its input to another batch, or to sizes that do not match \(ForeignText.shape(old)) after it")
    }
    return Array(known.dropFirst())
  }

  /// Resolves 0 (copied) and -1 (inferred) in a shape; nil if it has a different number of elements.
  private static func resolved(_ target: [Int], from source: [Int], keepsZeros: Bool) -> [Int]? {
    var result = target
    if !keepsZeros {
      for index in result.indices where result[index] == 0 {
        guard index < source.count else { return nil }
        result[index] = source[index]
      }
    }
    let open = result.indices.filter { result[$0] == -1 }
    guard open.count <= 1, let count = ONNXConstant.count(source),
      let known = ONNXConstant.count(result.filter { $0 != -1 })
    else { return nil }
    if let index = open.first {
      guard known > 0, count % known == 0 else { return nil }
      result[index] = count / known
    } else {
      guard known == count else { return nil }
    }
    return result
  }

  /// An activation, or the result of a softmax, in another view.
  private mutating func seen(
    _ call: ONNXCall, _ change: (ONNXActivation) throws(ONNXImportError.Problem) -> ONNXView
  ) throws(ONNXImportError.Problem) -> ONNXValue {
    if case .probabilities(var input, let areLogarithms) = try value(0, of: call) {
      input.view = try change(input)
      return .probabilities(input, areLogarithms: areLogarithms)
    }
    let input = try activation(0, of: call)
    return .activation(try seen(input, as: try change(input), for: call))
  }

  /// Axes: an attribute before operator set 13, an input since; nil if they are missing.
  private func axes(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> [Int]? {
    guard operatorSet < 13 else { return try integers(1, of: call) }
    return try call.integers("axes")
  }
}
