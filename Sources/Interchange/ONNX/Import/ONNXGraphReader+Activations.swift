internal import Support
internal import JacquardEngine

extension ONNXGraphReader {
  mutating func relu(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    // After arithmetic it may be part of another function.
    if case .expression(_, .formula) = try value(0, of: call) {
      return try unary(.activation(.clip(minimum: 0)), &call)
    }
    return .activation(try append(ReLU(), to: try activation(0, of: call), for: call))
  }

  mutating func leakyRelu(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let slope = try call.float("alpha") ?? 0.01
    return .activation(try leaky(slope, try activation(0, of: call), call))
  }

  private mutating func leaky(
    _ slope: Float, _ input: ONNXActivation, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    guard 0...1 ~= slope else { throw call.refusal("has a slope of \(slope), which should be 0 to 1") }
    return try append(LeakyReLU(negativeSlope: slope), to: input, for: call)
  }

  /// `PRelu`, whose slopes are one number or one for each channel.
  mutating func prelu(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let input = try activation(0, of: call)
    guard let constant = try constant(1, of: call) else {
      throw call.refusal("has computed slopes; the engine supports only constant ones")
    }
    // Before set 7, slopes were not broadcast: a list had one slope per channel.
    let isList = operatorSet < 7 && constant.shape == [input.sizes.channels]
    guard let slopes = isList ? constant.floats : perChannel(constant, input) else {
      throw call.refusal(
        "has slopes of the shape \(ForeignText.shape(constant.shape)); expected one number or one for each of \(input.sizes.channels) channels"
      )
    }
    let isShared = slopes.count == 1 && (constant.shape.count <= 1 || input.sizes.channels > 1)
    return .activation(try append(PReLU(isShared: isShared), ["weight": slopes], to: input, for: call))
  }

  /// The activation that onnxruntime has fused into a convolution or product.
  mutating func activated(
    _ input: ONNXActivation, _ call: inout ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    guard let name = try call.string("activation"), !name.isEmpty else { return input }
    // Convolutions have a list of parameters, products have a name for each.
    let parameters = try call.floats("activation_params") ?? []
    let first = try call.float("activation_alpha") ?? parameters.first
    let second = try call.float("activation_beta") ?? parameters.dropFirst().first
    switch name {
    case "Relu": return try append(ReLU(), to: input, for: call)
    case "LeakyRelu": return try leaky(first ?? 0.01, input, call)
    case "Tanh": return try append(Activation(.tanh), to: input, for: call)
    case "Sigmoid": return try append(Activation(.sigmoid), to: input, for: call)
    case "HardSigmoid":
      let (slope, offset) = (first ?? 0.2, second ?? 0.5)
      guard slope > 0 else { break }
      return try append(Activation(.hardSigmoid(slope: slope, offset: offset)), to: input, for: call)
    case "Clip":
      guard let low = first, let high = second, low < high else { break }
      return try append(Activation(.clip(minimum: low, maximum: high)), to: input, for: call)
    default: break
    }
    throw call.refusal("has the activation \(ForeignText.quoted(name)), which the engine does not have")
  }

  /// An operator that is one of our activations, with its parameters.
  mutating func activationLayer(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let function: ActivationFunction
    switch call.type {
    case "Elu": function = .elu(alpha: try call.float("alpha") ?? 1)
    case "Selu":
      let (alpha, gamma) = (try call.float("alpha"), try call.float("gamma"))
      function = alpha == nil && gamma == nil ? .selu : .elu(alpha: alpha ?? 1.673_263_2, scale: gamma ?? 1.050_701)
    case "Celu":
      let alpha = try call.float("alpha") ?? 1
      guard alpha == 1 else { throw call.refusal("has alpha = \(alpha); the engine has ELU, with 1") }
      function = .elu()
    case "HardSwish": function = .hardSwish
    default: function = .mish
    }
    guard function.problem == nil else { throw call.refusal("has parameters that are not finite") }
    return .activation(try append(Activation(function), to: try activation(0, of: call), for: call))
  }

  /// `Gelu` of the standard and of onnxruntime, which may add a bias before.
  mutating func gelu(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let rule = try call.string("approximate") ?? "none"
    guard rule == "none" || rule == "tanh" else {
      throw call.refusal("is the approximation \(ForeignText.quoted(rule)), which is not supported")
    }
    let isApproximate = rule == "tanh" || call.type == "com.microsoft.FastGelu"
    let layer: any Layer = isApproximate ? Activation(.approximateGELU) : GELU()
    var input = try activation(0, of: call)
    if call.has(1), let bias = try constant(1, of: call) {
      guard isTakenOnce(0, of: call), let numbers = perChannel(bias, input),
        let sum = try folded(input, nil, numbers, call)
      else { throw call.refusal("adds a bias to a value that comes from neither a convolution nor a dense layer") }
      input = sum
    }
    return .activation(try append(layer, to: input, for: call))
  }

  /// `Swish` of the standard and `QuickGelu` of onnxruntime: `x / (1 + exp(−alpha · x))`, which is SiLU if alpha is 1.
  mutating func swish(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let alpha = try call.float("alpha") ?? (call.type == "Swish" ? 1 : 1.702)
    guard alpha.isFinite else { throw call.refusal("has alpha = \(alpha)") }
    let layer: any Layer = alpha == 1 ? SiLU() : Activation(.swish(alpha: alpha))
    return .activation(try append(layer, to: try activation(0, of: call), for: call))
  }

  /// `Softmax` and `LogSoftmax`. Our models end in logits and leave them to the loss.
  mutating func softmax(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let input = try activation(0, of: call)
    let stated = try call.integer("axis") ?? (operatorSet < 13 ? 1 : -1)
    let axis = stated < 0 ? stated + input.view.rank : stated
    guard 1..<input.view.rank ~= axis else {
      throw call.refusal("has axis = \(stated), which is not the axis of the classes")
    }
    // Before set 13, all dimensions from the axis on were combined.
    let covered =
      operatorSet < 13 ? input.view.dimensions[(axis - 1)...].flatMap { $0 } : input.view.dimensions[axis - 1]
    guard input.view.order == covered, !input.shape.isImage || input.shape.pixels == 1 else {
      throw call.refusal("is not over all numbers of an image; expected a softmax over the classes")
    }
    return .probabilities(input, areLogarithms: call.type == "LogSoftmax")
  }

  /// `Dropout`, which has no effect in inference but stays in the model for training.
  mutating func dropout(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    var rate = try call.float("ratio") ?? 0.5
    _ = try call.integer("seed")
    if operatorSet < 7 {
      try call.require("is_test", 1, "it is exported for training; export the model for inference")
    }
    if let ratio = try constant(1, of: call) {
      guard ratio.count == 1 else { throw call.refusal("has a rate that is not a single number") }
      rate = ratio.floats[0]
    }
    if let mode = try constant(2, of: call), mode.floats.contains(where: { $0 != 0 }) {
      throw call.refusal("is exported for training; export the model for inference")
    }
    guard rate >= 0 && rate < 1 else { throw call.refusal("has a rate of \(rate), which should be 0 to below 1") }
    let source = try value(0, of: call)
    guard rate > 0 else { return source }
    switch source {
    case .activation, .expression(_, .formula), .padded:
      return .activation(try append(Dropout(rate), to: try activation(0, of: call), for: call))
    default: return source
    }
  }
}
