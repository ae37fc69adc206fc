internal import Support
internal import JacquardEngine

extension ONNXGraphReader {
  /// `Gemm`, and `FusedGemm` with its activation.
  mutating func gemm(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let input = try rows(of: call)
    try call.require("transA", 0, "the batch would no longer be the first dimension")
    // In operator set 6, permits what later sets always permit.
    _ = operatorSet < 7 ? try call.integer("broadcast") : nil
    let isTransposed = try call.integer("transB") ?? 0 != 0
    let alpha = try call.float("alpha") ?? 1
    let beta = try call.float("beta") ?? 1
    guard let weight = try constant(1, of: call) else { throw call.refusal("has no matrix") }
    guard weight.shape.count == 2 else {
      throw call.refusal("has a matrix of the shape \(ForeignText.shape(weight.shape))")
    }
    let bias = try biases(2, count: weight.shape[isTransposed ? 0 : 1], of: call)
    let output = try dense(
      input, weight, isTransposed: isTransposed, factor: alpha, bias: bias?.map { beta * $0 }, call)
    return .activation(try activated(output, &call))
  }

  /// `MatMul` of an activation and a constant matrix, and onnxruntime's `FusedMatMul`.
  mutating func matrixProduct(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let input = try rows(of: call)
    for name in ["transA", "transBatchA", "transBatchB"] {
      try call.require(name, 0, "the batch would no longer be the first dimension")
    }
    let isTransposed = try call.integer("transB") ?? 0 != 0
    let alpha = try call.float("alpha") ?? 1
    guard let weight = try constant(1, of: call) else { throw call.refusal("has no matrix") }
    guard weight.shape.count == 2 else {
      throw call.refusal("has a matrix of the shape \(ForeignText.shape(weight.shape))")
    }
    return .activation(
      try dense(input, weight, isTransposed: isTransposed, factor: alpha, bias: nil, call))
  }

  /// The input of a dense layer: an activation, with earlier arithmetic that the layer can absorb.
  private struct Rows {
    let input: ONNXActivation
    /// One number per input, or one for all.
    var factors: [Float] = [1]
    var terms: [Float] = [0]

    var isPlain: Bool { factors == [1] && terms == [0] }
  }

  private mutating func rows(of call: ONNXCall) throws(ONNXImportError.Problem) -> Rows {
    switch try value(0, of: call) {
    case .expression(let input, .affine(let factors, let terms)):
      return Rows(input: input, factors: factors, terms: terms)
    case .expression(let input, .weighted(let formula, let factors)) where !input.shape.isImage:
      return Rows(input: try layers(of: formula, on: input, mayFold: false, call), factors: factors)
    case .expression(let input, .formula(let formula, let isAlone)):
      guard let (factor, term) = formula.linear, !input.shape.isImage else { break }
      let isDense = input.step.map { steps[$0].layer is Dense } ?? false
      guard !(isDense && isAlone && isTakenOnce(0, of: call)) else { break }
      return Rows(input: input, factors: [Float(factor)], terms: [Float(term)])
    default: break
    }
    return Rows(input: try activation(0, of: call))
  }

  /// A dense layer. The rows of its matrix `[in, out]`, or `[out, in]` if transposed, are brought into the order of files.
  private mutating func dense(
    _ rows: Rows, _ weight: ONNXConstant, isTransposed: Bool, factor: Float, bias: [Float]?, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    let input = rows.input
    let (inputs, outputs) =
      isTransposed ? (weight.shape[1], weight.shape[0]) : (weight.shape[0], weight.shape[1])
    if input.shape.isImage, input.view.isLastChannels(input.sizes), bias == nil {
      return try pixelwise(input, weight, isTransposed: isTransposed, factor: factor, call)
    }
    guard input.view.rank == 2 else {
      throw call.refusal(
        "takes \(ForeignText.shape(input.view.shape(input.sizes))) after the batch; expected one row of numbers for each image"
      )
    }
    guard inputs == input.shape.count, 1...1 << 20 ~= outputs else {
      throw call.refusal(
        "has a matrix for \(inputs) inputs and \(outputs) outputs, but takes \(input.shape.count) inputs")
    }
    let places = input.view.placesInFileOrder(input.sizes)
    let values = weight.floats
    var matrix = values
    if places != nil || !isTransposed {
      try spend(values.count, for: call)
      for output in 0..<outputs {
        for place in 0..<inputs {
          let target = output * inputs + (places?[place] ?? place)
          matrix[target] = values[isTransposed ? output * inputs + place : place * outputs + output]
        }
      }
    }
    if factor != 1 { matrix = matrix.map { factor * $0 } }
    var bias = bias
    if !rows.isPlain {
      // Features of a vector have only one order, so they need no permutation.
      let (factors, terms) = (rows.factors, rows.terms)
      var sums = (bias ?? Array(repeating: 0, count: outputs)).map { Double($0) }
      for index in matrix.indices {
        let term = terms.count == 1 ? terms[0] : terms[index % inputs]
        sums[index / inputs] += Double(matrix[index]) * Double(term)
      }
      bias = sums.map { Float($0) }
      for index in matrix.indices { matrix[index] *= factors.count == 1 ? factors[0] : factors[index % inputs] }
    }
    var tensors = ["weight": matrix]
    tensors["bias"] = bias
    return try append(Dense(outputs, usesBias: bias != nil), tensors, to: input, for: call)
  }

  /// A dense layer for each pixel of an image whose last dimension is that of the channels: a 1×1 convolution.
  private mutating func pixelwise(
    _ input: ONNXActivation, _ weight: ONNXConstant, isTransposed: Bool, factor: Float, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    let matrix = isTransposed ? weight : weight.transposed([1, 0])
    let (outputs, inputs) = (matrix.shape[0], matrix.shape[1])
    guard inputs == input.sizes.channels, 1...65536 ~= outputs else {
      throw call.refusal(
        "has a matrix for \(inputs) inputs and \(outputs) outputs, but takes \(input.sizes.channels) channels")
    }
    try spend(matrix.count, for: call)
    let values = factor == 1 ? matrix.floats : matrix.floats.map { factor * $0 }
    var output = try append(
      Conv2D(outputChannels: outputs, kernelSize: 1, usesBias: false), ["weight": values], to: input, for: call)
    output.sizes.channels = outputs
    output.view = ONNXView(input.view.dimensions.dropLast() + [outputs > 1 ? [.channels] : []])
    return output
  }

  /// An input that is added to the outputs: one number for each, or one for all; nil if it is omitted.
  func biases(
    _ index: Int, count: Int, of call: ONNXCall
  ) throws(ONNXImportError.Problem) -> [Float]? {
    guard let constant = try constant(index, of: call) else { return nil }
    let isForEach =
      constant.count == count && constant.shape.last == count && constant.shape.dropLast().allSatisfy { $0 == 1 }
    guard isForEach || (constant.count == 1 && count > 0) else {
      throw call.refusal(
        "adds numbers of the shape \(ForeignText.shape(constant.shape)); expected one for each of \(count) outputs"
      )
    }
    return isForEach ? constant.floats : Array(repeating: constant.floats[0], count: count)
  }

  /// `BatchNormalization` with constant statistics.
  mutating func batchNorm(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let input = try activation(0, of: call)
    let epsilon = try call.float("epsilon") ?? 1e-5
    let momentum = try call.float("momentum") ?? 0.9
    try call.require("training_mode", 0, "it is exported for training; export the model for inference")
    if operatorSet < 9 { try call.require("spatial", 1, "it has statistics for every pixel") }
    if operatorSet < 7 {
      try call.require("is_test", 1, "it is exported for training; export the model for inference")
    }
    guard epsilon > 0 && epsilon <= 1, 0...1 ~= momentum else {
      throw call.refusal("has epsilon = \(epsilon) and momentum = \(momentum)")
    }
    let names = ["weight", "bias", "running_mean", "running_var"]
    var tensors: [String: [Float]] = [:]
    for (index, name) in names.enumerated() {
      guard let constant = try constant(index + 1, of: call), constant.shape == [input.sizes.channels] else {
        throw call.refusal("should have one number for each of \(input.sizes.channels) channels as input \(index + 2)")
      }
      tensors[name] = constant.floats
    }
    if input.isImageWithChannelsFirst {
      return .activation(
        try append(BatchNorm2D(epsilon: epsilon, momentum: 1 - momentum), tensors, to: input, for: call))
    }
    guard let weight = tensors["weight"], let bias = tensors["bias"], let mean = tensors["running_mean"],
      let variance = tensors["running_var"], input.view == ONNXView([.channels], input.sizes)
    else { throw call.refusal(Self.noImage(input)) }
    // The engine normalizes only images; after a dense layer, a norm becomes part of that layer.
    let factors = zip(weight, variance).map { $0 / ($1 + epsilon).squareRoot() }
    let terms = zip(bias, zip(mean, factors)).map { $0 - $1.0 * $1.1 }
    if isTakenOnce(0, of: call), let output = try folded(input, factors, terms, call) { return .activation(output) }
    return .expression(input, .affine(factors: factors, terms: terms))
  }

  /// The convolution, dense layer or norm that ends in `input`, with `y · factors + terms` made part of it; nil if it is missing.
  mutating func folded(
    _ input: ONNXActivation, _ factors: [Float]?, _ terms: [Float]?, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation? {
    guard let index = input.step else { return nil }
    let step = steps[index]
    guard let weight = step.tensors["weight"] else { return nil }
    let outputs = input.sizes.channels
    func spread(_ values: [Float]) -> [Float] {
      values.count == 1 ? Array(repeating: values[0], count: outputs) : values
    }
    let factors = factors.map(spread)
    let terms = terms.map(spread)
    var bias = step.tensors["bias"]
    if let factors { bias = bias.map { zip($0, factors).map(*) } }
    if let terms { bias = bias.map { zip($0, terms).map(+) } ?? terms }
    let layer: any Layer
    switch step.layer {
    case is GroupNorm, is LayerNorm: layer = step.layer
    case var convolution as Conv2D:
      convolution.usesBias = bias != nil
      layer = convolution
    case var dense as Dense:
      dense.usesBias = bias != nil
      layer = dense
    default: return nil
    }
    var tensors = ["weight": weight]
    if let factors {
      let count = weight.count / outputs
      tensors["weight"] = weight.indices.map { weight[$0] * factors[$0 / count] }
    }
    tensors["bias"] = bias
    // Replaces the step, which no other node uses.
    var source = input
    source.step = step.parent
    source.shape = step.input
    if step.parent == nil { source.preparation = preparation ?? ONNXPreparation() }
    var output = try append(layer, tensors, to: source, for: call)
    output.view = input.view
    output.sizes = input.sizes
    return output
  }
}
