internal import Support
internal import JacquardEngine

/// Models with layers between `QuantizeLinear` and `DequantizeLinear`: they are computed in floating point.
extension ONNXGraphReader {
  private static let quantizationNote =
    "The graph is quantized. The model computes in floating point, without the rounding of the graph."

  /// `QuantizeLinear`: no operation here, unless its range starts at 0. Then it acts as a rectifier, which onnxruntime leaves out.
  mutating func quantize(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    try readQuantization(&call)
    note(Self.quantizationNote)
    if case .constant(let constant) = try value(0, of: call) {
      guard case .floats = constant.elements else { throw call.refusal("quantizes whole numbers") }
      return .constant(constant)
    }
    if case .expanded = try value(0, of: call) { return try value(0, of: call) }
    let (scales, zeros) = (try constant(1, of: call), try constant(2, of: call))
    guard let scales, scales.count == 1, scales.floats[0] > 0, zeros.map({ $0.count == 1 }) ?? true else {
      throw call.refusal("quantizes activations with other than one positive scale and one zero point")
    }
    let input = try activation(0, of: call)
    let endsAtZero = zeros.map { $0.integers?.first == $0.lowest } ?? true
    guard endsAtZero, input.step != nil, !isNotNegative(input) else { return .activation(input) }
    // With a ReLU6 before it, the 255 steps end at 6.
    let isSix = (255 * scales.floats[0] - 6).magnitude < 0.06
    let layer: any Layer = isSix ? Activation(.relu6) : ReLU()
    return .activation(try append(layer, to: input, for: call))
  }

  /// `DequantizeLinear`: whole constants become weights; values that were never rounded stay unchanged.
  mutating func dequantize(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let axis = try readQuantization(&call)
    note(Self.quantizationNote)
    guard let scales = try constant(1, of: call) else { throw call.refusal("has no scale") }
    let zeros = try constant(2, of: call)
    let source = try value(0, of: call)
    switch source {
    case .constant(let constant):
      guard let values = constant.integers else { return source }
      return .constant(try dequantized(constant, values, scales, zeros, axis: axis, call))
    case .activation(var input) where input.step == nil && input.preparation.areBytes:
      guard scales.count == 1, zeros.map({ $0.count == 1 }) ?? true,
        let preparation = input.preparation.added([-(zeros?.floats[0] ?? 0)])?.multiplied(by: scales.floats)
      else { throw call.refusal("dequantizes the input with other than one scale and one zero point") }
      try spend(preparation.count, for: call)
      input.preparation = preparation
      input.preparation.areBytes = false
      return .activation(input)
    default: return source
    }
  }

  private mutating func dequantized(
    _ constant: ONNXConstant, _ values: [Int], _ scales: ONNXConstant, _ zeros: ONNXConstant?, axis: Int,
    _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXConstant {
    try spend(constant.count, for: call)
    let place = axis < 0 ? axis + constant.shape.count : axis
    let isForEach = constant.shape.indices.contains(place) && scales.shape == [constant.shape[place]]
    guard scales.count == 1 || isForEach, zeros.map({ $0.count == scales.count }) ?? true,
      zeros.map({ $0.integers != nil }) ?? true
    else {
      throw call.refusal(
        "has scales of the shape \(ForeignText.shape(scales.shape)) along axis \(axis) of \(ForeignText.shape(constant.shape))"
      )
    }
    let inner = scales.count == 1 ? max(1, values.count) : constant.shape[(place + 1)...].reduce(1, *)
    let (factors, offsets) = (scales.floats, zeros?.integers)
    let floats = values.indices.map { index in
      let part = index / inner % factors.count
      return Float(values[index] - (offsets?[part] ?? 0)) * factors[part]
    }
    return ONNXConstant(shape: constant.shape, elements: .floats(floats))
  }

  /// Reads the attributes of both operators and returns the axis of scales.
  @discardableResult
  private func readQuantization(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> Int {
    try call.require("block_size", 0, "expected scales for a tensor or along an axis")
    _ = try call.integer("saturate")
    _ = try call.integer("output_dtype")
    _ = try call.integer("precision")
    return try call.integer("axis") ?? 1
  }
}
