internal import Support
internal import JacquardEngine

/// Constants, and the arithmetic on sizes with which exporters write a flatten for any batch size.
extension ONNXGraphReader {
  /// The note for graphs in half precision.
  static let precisionNote = "The graph computes in half precision. The model computes in single precision."

  /// The largest number of sizes in a list.
  private static let largestSizeCount = 64

  /// The largest number of which `Float` has the neighbors too; computed sizes and padding are far smaller.
  private static let largestWholeNumber: Float = 16_777_216

  mutating func constant(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    if let tensor = try call.tensor("value") { return .constant(tensor) }
    if let value = try call.float("value_float") {
      return .constant(ONNXConstant(shape: [], elements: .floats([value])))
    }
    if let values = try call.floats("value_floats") {
      return .constant(ONNXConstant(shape: [values.count], elements: .floats(values)))
    }
    if let value = try call.integer("value_int") {
      return .constant(ONNXConstant(shape: [], elements: .integers([value])))
    }
    if let values = try call.integers("value_ints") {
      return .constant(ONNXConstant(shape: [values.count], elements: .integers(values)))
    }
    throw call.refusal("has no value of a supported type")
  }

  /// An operator that is supported only if its inputs are constants.
  func unfolded(_ call: ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    throw call.refusal("takes values that are not constants of the graph")
  }

  mutating func shape(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let sizes: [ONNXSize]
    if case .constant(let constant) = try value(0, of: call) {
      sizes = constant.shape.map(ONNXSize.known)
    } else if case .grouped(_, let grouping) = try value(0, of: call) {
      sizes = [.batch] + grouping.shape.map(ONNXSize.known)
    } else {
      let input = try activation(0, of: call)
      sizes = [.batch] + input.view.shape(input.sizes).map(ONNXSize.known)
    }
    func clipped(_ index: Int) -> Int { min(max(index < 0 ? index + sizes.count : index, 0), sizes.count) }
    let start = clipped(max(try call.integer("start") ?? 0, -sizes.count))
    let end = clipped(max(try call.integer("end") ?? sizes.count, -sizes.count))
    return .sizes(start < end ? Array(sizes[start..<end]) : [], isSingle: false)
  }

  mutating func gather(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let source = try sizes(0, of: call)
    try call.require("axis", 0, "expected elements of a list of sizes")
    guard let indices = try constant(1, of: call), let places = indices.integers, indices.shape.count <= 1,
      !source.isSingle, places.count <= Self.largestSizeCount
    else { throw call.refusal("takes elements that are not supported") }
    let count = source.sizes.count
    guard places.allSatisfy({ -count..<count ~= $0 }) else {
      throw call.refusal("takes the elements \(ForeignText.shape(places)) of \(count) sizes")
    }
    return .sizes(places.map { source.sizes[$0 < 0 ? $0 + count : $0] }, isSingle: indices.shape.isEmpty)
  }

  /// `Concat` of lists of sizes, of constants, or of activations along their channels.
  mutating func concat(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let axis = try call.integer("axis") ?? 1
    switch try value(0, of: call) {
    case .constant, .sizes: break
    default:
      var inputs: [ONNXActivation] = []
      for index in call.inputs.indices { inputs.append(try activation(index, of: call)) }
      return .activation(try concatenation(inputs, axis: axis, call))
    }
    var result: [ONNXSize] = []
    for index in call.inputs.indices {
      let part = try sizes(index, of: call)
      result += part.sizes
      guard !part.isSingle, axis == 0 || axis == -1, result.count <= Self.largestSizeCount else {
        throw call.refusal("joins lists of sizes along axis \(axis), or too many of them")
      }
    }
    return .sizes(result, isSingle: false)
  }

  mutating func slice(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    switch try value(0, of: call) {
    case .activation, .expression, .padded: return try slicedActivation(&call)
    default: break
    }
    let source = try sizes(0, of: call)
    let isOld = operatorSet < 10
    let starts = isOld ? try call.integers("starts") : try integers(1, of: call)
    let ends = isOld ? try call.integers("ends") : try integers(2, of: call)
    let axes = isOld ? try call.integers("axes") : try integers(3, of: call)
    let steps = isOld ? nil : try integers(4, of: call)
    guard !source.isSingle, let start = starts?.first, let end = ends?.first, starts?.count == 1, ends?.count == 1,
      axes ?? [0] == [0] || axes == [-1], steps ?? [1] == [1]
    else { throw call.refusal("takes a slice that is not supported") }
    let count = source.sizes.count
    func clipped(_ index: Int) -> Int { min(max(index < 0 ? max(index, -count) + count : index, 0), count) }
    let range = (clipped(start), clipped(end))
    try spend(max(0, range.1 - range.0), for: call)
    return .sizes(range.0 < range.1 ? Array(source.sizes[range.0..<range.1]) : [], isSingle: false)
  }

  mutating func cast(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    guard let code = try call.integer("to"), let type = Int32(exactly: code).flatMap(ONNXElementType.init) else {
      throw call.refusal("converts to an element type that is not supported")
    }
    // Saturation matters only for 8-bit floating point, which is not supported.
    _ = try call.integer("saturate")
    let source = try value(0, of: call)
    let isHalf = type == .float16 || type == .bfloat16
    switch (source, isHalf ? .float32 : type) {
    case (.constant(let constant), .float32), (.constant(let constant), .float64):
      try spend(constant.count, for: call)
      return .constant(constant.asFloats)
    case (.constant(let constant), .int64), (.constant(let constant), .int32):
      try spend(constant.count, for: call)
      return .constant(try truncated(constant, call))
    // Sizes of images fit into 32 bits.
    case (.sizes, .int64), (.sizes, .int32): return source
    case (.activation(var input), .float32), (.activation(var input), .float64):
      if isHalf { note(Self.precisionNote) }
      input.preparation.areBytes = false
      return .activation(input)
    case (.probabilities, .float32), (.probabilities, .float64), (.expression, .float32), (.expression, .float64),
      (.padded, .float32), (.padded, .float64), (.statistic, .float32), (.statistic, .float64):
      if isHalf { note(Self.precisionNote) }
      return source
    default:
      throw call.refusal(
        "makes elements of type \(type); activations are single precision here, and sizes whole numbers")
    }
  }

  /// Floating-point numbers without their fractions; whole numbers as they are.
  private func truncated(
    _ constant: ONNXConstant, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXConstant {
    guard constant.integers == nil else { return constant }
    let numbers = constant.floats
    guard numbers.allSatisfy({ abs($0) <= Self.largestWholeNumber }) else {
      throw call.refusal("makes whole numbers of numbers that are too large or not finite")
    }
    return ONNXConstant(shape: constant.shape, elements: .integers(numbers.map { Int($0) }))
  }
}
