internal import Support
internal import JacquardEngine
internal import ONNXSchema

/// What a quantized network rounds, by the names of its operators.
struct ONNXQuantization {
  /// The range of each operator's output. One that is computed together with the activation after it has none.
  let ranges: [String: QuantizedRange]
  /// The range of the network's input.
  let input: QuantizedRange
  /// The weights of convolutions and dense layers.
  let weights: [String: QuantizedWeights]

  /// Nil for a network in floating point.
  init?(_ network: Network) {
    guard let quantization = network.quantization else { return nil }
    let plan = network.quantizationPlan
    let found = plan.ranges(quantization)
    var ranges: [String: QuantizedRange] = [:]
    var weights: [String: QuantizedWeights] = [:]
    for step in plan.steps {
      if step.range != .none { ranges[step.name] = found[step.output] }
      if step.kind.isProduct { weights[step.node.name] = network.quantizedWeights(of: step, quantization) }
    }
    self.ranges = ranges
    self.weights = weights
    input = quantization.input
  }
}

extension ONNXGraphBuilder {
  /// The network's input, rounded if the network is quantized.
  mutating func roundedInput(_ input: Value) -> Value {
    guard let quantization else { return input }
    return Value(
      name: rounded(input.name, to: quantization.input), shape: input.shape, range: quantization.input)
  }

  /// A layer's output, rounded if the network rounds it.
  mutating func rounded(_ value: Value, after layer: any Layer, _ name: String, _ input: Value) -> Value {
    guard let quantization else { return value }
    let range = layer is Flatten ? input.range : quantization.ranges[Self.operatorName(of: layer, name)]
    guard let range else { return value }
    return Value(name: rounded(value.name, to: range), shape: value.shape, range: range)
  }

  /// A value rounded to the range of an operator's output; itself if that is not rounded.
  mutating func rounded(_ value: String, of name: String) -> String {
    guard let range = quantization?.ranges[name] else { return value }
    return rounded(value, to: range)
  }

  /// The name of the operator that computes a layer's output.
  private static func operatorName(of layer: any Layer, _ name: String) -> String {
    switch layer {
    case is Residual: return "\(name).sum"
    case let branches as Branches:
      switch branches.merge {
      case .concat: return "\(name).concat"
      case .multiply: return "\(name).product"
      case .add: return branches.paths.count == 2 ? "\(name).sum" : "\(name).sum\(branches.paths.count - 1)"
      }
    default: return name
    }
  }

  private mutating func rounded(_ value: String, to range: QuantizedRange) -> String {
    let parameters = [
      constant("\(value).quantized.scale", [range.scale]),
      constant("\(value).quantized.zero_point", .uint8, shape: [], [UInt8(range.zeroPoint)]),
    ]
    let bytes = node("QuantizeLinear", "\(value).quantized", [value] + parameters)
    return node("DequantizeLinear", "\(value).dequantized", [bytes] + parameters)
  }

  /// The weights and bias of a convolution or dense layer, in bytes and in 32-bit integers if the network is quantized.
  mutating func products(_ name: String, _ input: Value) -> [String] {
    guard let layer = quantization?.weights[name], let range = input.range, let weight = tensor("\(name).weight") else {
      return weights(name, ["weight", "bias"])
    }
    let count = layer.scales.count
    let numbers = network.exportTensor(weight)
    let perChannel = numbers.count / count
    let bytes = numbers.indices.map { index in
      UInt8(bitPattern: Int8((numbers[index] / layer.scales[index / perChannel]).rounded(.toNearestOrEven)))
    }
    var inputs = [
      dequantized(
        "\(name).weight", .int8, shape: weight.specification.order.fileShape, bytes, scales: layer.scales,
        zeros: [UInt8](repeating: 0, count: count))
    ]
    if tensor("\(name).bias") != nil {
      var bias: [UInt8] = []
      bias.append(littleEndian: (0..<count).map { layer.roundedBias($0, input: range) })
      inputs.append(
        dequantized(
          "\(name).bias", .int32, shape: [count], bias, scales: layer.scales.map { range.scale * $0 },
          zeros: [UInt8](repeating: 0, count: 4 * count)))
    }
    return inputs
  }

  /// Whole numbers with a scale for each index of their first dimension.
  private mutating func dequantized(
    _ name: String, _ type: ElementType, shape: [Int], _ bytes: [UInt8], scales: [Float], zeros: [UInt8]
  ) -> String {
    let inputs = [
      constant(name, type, shape: shape, bytes), constant("\(name).scale", shape: [scales.count], scales),
      constant("\(name).zero_point", type, shape: [scales.count], zeros),
    ]
    return node("DequantizeLinear", "\(name).dequantized", inputs, [.integer("axis", 0)])
  }
}
