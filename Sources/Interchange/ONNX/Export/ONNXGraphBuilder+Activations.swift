internal import JacquardEngine
internal import ONNXSchema

/// Activation functions.
extension ONNXGraphBuilder {
  /// Appends the nodes of an activation, and returns the name of its output.
  mutating func activation(
    _ layer: any Layer, _ name: String, _ input: Value
  ) throws(ONNXExportError) -> String {
    let source = input.name
    switch layer {
    case is ReLU:
      return node("Relu", name, [source])
    case let layer as LeakyReLU:
      return node("LeakyRelu", name, [source], [.number("alpha", layer.negativeSlope)])
    case let layer as PReLU:
      // Slopes are broadcast from the last dimension on, so slopes per channel need a shape that places the channels.
      let perChannel = input.shape.isImage ? [input.shape.channels, 1, 1] : [1, input.shape.channels]
      let slopes = weight("\(name).weight", shape: layer.isShared ? [1] : perChannel)
      return node("PRelu", name, [source] + (slopes.map { [$0] } ?? []))
    case is SiLU:
      return node("Mul", name, [source, node("Sigmoid", "\(name).sigmoid", [source])])
    case is GELU:
      // x · Φ(x), with Φ(x) = (1 + erf(x / √2)) / 2: a separate operator exists only from set 20 on.
      let scaled = node("Mul", "\(name).scaled", [source, constant("\(name).scale", [Float(0.5).squareRoot()])])
      let erf = node("Erf", "\(name).erf", [scaled])
      return gated(source, name, by: erf)
    case let layer as Activation:
      return function(layer.function, name, source)
    default:
      throw ONNXExportError(layer: name, reason: "(\(type(of: layer).type)) cannot be exported to ONNX")
    }
  }

  /// x · (1 + gate) / 2
  private mutating func gated(_ source: String, _ name: String, by gate: String) -> String {
    let sum = node("Add", "\(name).sum", [gate, constant("\(name).one", [1])])
    let share = node("Mul", "\(name).share", [sum, constant("\(name).half", [0.5])])
    return node("Mul", name, [source, share])
  }

  /// Operators of set 13, or several of them for a function that has none in that set.
  private mutating func function(_ function: ActivationFunction, _ name: String, _ source: String) -> String {
    switch function.form {
    case .clip(let low, let high):
      let bounds = [
        low.isFinite ? constant("\(name).minimum", [low]) : "",
        high.isFinite ? constant("\(name).maximum", [high]) : "",
      ]
      return node("Clip", name, [source] + (bounds[1].isEmpty ? [bounds[0]] : bounds))
    case .hardSigmoid(let slope, let offset):
      return node("HardSigmoid", name, [source], [.number("alpha", slope), .number("beta", offset)])
    case .elu(let alpha, let scale):
      return scale == 1
        ? node("Elu", name, [source], [.number("alpha", alpha)])
        : node("Selu", name, [source], [.number("alpha", alpha), .number("gamma", scale)])
    case .swish(let alpha):
      let scaled = node("Mul", "\(name).scaled", [source, constant("\(name).alpha", [alpha])])
      return node("Mul", name, [source, node("Sigmoid", "\(name).sigmoid", [scaled])])
    case .tanh: return node("Tanh", name, [source])
    case .sigmoid: return node("Sigmoid", name, [source])
    case .softplus: return node("Softplus", name, [source])
    case .softsign: return node("Softsign", name, [source])
    case .hardSwish:
      let gate = node("HardSigmoid", "\(name).gate", [source], [.number("alpha", 1 / 6), .number("beta", 0.5)])
      return node("Mul", name, [source, gate])
    case .mish:
      let softplus = node("Softplus", "\(name).softplus", [source])
      return node("Mul", name, [source, node("Tanh", "\(name).tanh", [softplus])])
    case .approximateGELU:
      let square = node("Mul", "\(name).square", [source, source])
      let cube = node("Mul", "\(name).cube", [square, source])
      let third = node("Mul", "\(name).third", [cube, constant("\(name).share.of.cube", [0.044715])])
      let inner = node("Add", "\(name).inner", [source, third])
      let scale = constant("\(name).scale", [Float(2 / Double.pi).squareRoot()])
      let scaled = node("Mul", "\(name).scaled", [inner, scale])
      return gated(source, name, by: node("Tanh", "\(name).tanh", [scaled]))
    }
  }
}
