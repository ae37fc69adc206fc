internal import Support
internal import JacquardEngine

/// Functions of one number. They become a layer when a node uses them that is not part of such a function.
extension ONNXGraphReader {
  /// A formula and the activation that it is a function of.
  struct Operand {
    let input: ONNXActivation
    let formula: ONNXFormula
    /// Whether no other node takes the activation.
    let isAlone: Bool

    var isInput: Bool { if case .input = formula { true } else { false } }
  }

  /// An input as a formula; an activation is the identity.
  mutating func operand(_ index: Int, of call: ONNXCall) throws(ONNXImportError.Problem) -> Operand {
    let isTakenOnce = isTakenOnce(index, of: call)
    if case .expression(let input, .formula(let formula, let isAlone)) = try value(index, of: call) {
      return Operand(input: input, formula: formula, isAlone: isAlone && isTakenOnce)
    }
    return Operand(input: try activation(index, of: call), formula: .input, isAlone: isTakenOnce)
  }

  /// The value of a formula; throws if it has more parts than any activation function.
  func expression(
    _ input: ONNXActivation, _ formula: ONNXFormula, isAlone: Bool, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXValue {
    guard formula.count <= ONNXFormula.largestCount else {
      throw call.refusal("is part of a function of more than \(ONNXFormula.largestCount) operations")
    }
    return .expression(input, .formula(formula, isAlone: isAlone))
  }

  /// A function of one input.
  mutating func unary(
    _ function: ONNXFormula.Function, _ call: inout ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXValue {
    let operand = try operand(0, of: call)
    return try expression(
      operand.input, .function(function, operand.formula), isAlone: operand.isAlone, call)
  }

  /// `HardSigmoid`, with any slope and offset.
  mutating func hardSigmoid(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let (slope, offset) = (try call.float("alpha") ?? 0.2, try call.float("beta") ?? 0.5)
    guard slope > 0, slope.isFinite, offset.isFinite else {
      throw call.refusal("has alpha = \(slope) and beta = \(offset), where alpha should be positive")
    }
    return try unary(.activation(.hardSigmoid(slope: slope, offset: offset)), &call)
  }

  mutating func clip(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    var bounds: [Float]
    if operatorSet < 11 {
      bounds = [try call.float("min") ?? -.infinity, try call.float("max") ?? .infinity]
    } else {
      bounds = [-.infinity, .infinity]
      for index in 0...1 {
        guard let bound = try constant(index + 1, of: call) else { continue }
        guard bound.count == 1 else { throw call.refusal("has bounds that are not single numbers") }
        bounds[index] = bound.floats[0]
      }
    }
    return try bounded(0, by: bounds, &call)
  }

  /// `Max` and `Min` of an activation and a number.
  mutating func bound(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    guard call.inputs.count == 2 else { throw call.refusal("has \(call.inputs.count) inputs; expected two") }
    for index in 0...1 {
      guard case .constant(let constant) = try value(1 - index, of: call) else { continue }
      guard constant.count == 1 else { break }
      let bound = constant.floats[0]
      return try bounded(index, by: call.type == "Max" ? [bound, .infinity] : [-.infinity, bound], &call)
    }
    // The larger of x and a function of x, such as max(x, 0.1 · x).
    let (first, second) = (try operand(0, of: call), try operand(1, of: call))
    guard first.input.isSame(as: second.input), first.isInput != second.isInput else {
      throw call.refusal("compares activations, which the engine does with numbers only")
    }
    let (x, other) = first.isInput ? (first, second) : (second, first)
    guard let (factor, term) = other.formula.linear, term == 0, 0...1 ~= factor, call.type == "Max" else {
      throw call.refusal("compares an activation with a function of it that is not a leaky rectifier")
    }
    return .activation(try append(LeakyReLU(negativeSlope: Float(factor)), to: x.input, for: call))
  }

  private mutating func bounded(
    _ index: Int, by bounds: [Float], _ call: inout ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXValue {
    guard bounds[0] < bounds[1] else {
      throw call.refusal("has the bounds \(bounds[0]) and \(bounds[1]), which leave nothing between them")
    }
    let (low, high) = (bounds[0].isFinite ? bounds[0] : -.infinity, bounds[1].isFinite ? bounds[1] : .infinity)
    let operand = try operand(index, of: call)
    // Some exporters write the largest number for no bound.
    let limit = Float.greatestFiniteMagnitude
    let function = ActivationFunction.clip(
      minimum: low <= -limit ? -.infinity : low, maximum: high >= limit ? .infinity : high)
    guard function != .clip() else {
      return try expression(operand.input, operand.formula, isAlone: operand.isAlone, call)
    }
    return try expression(
      operand.input, .function(.activation(function), operand.formula), isAlone: operand.isAlone, call)
  }

  mutating func negate(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let operand = try operand(0, of: call)
    return try expression(
      operand.input, .operation(.multiply, operand.formula, .number(-1)), isAlone: operand.isAlone, call)
  }

  mutating func reciprocal(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let operand = try operand(0, of: call)
    return try expression(
      operand.input, .operation(.divide, .number(1), operand.formula), isAlone: operand.isAlone, call)
  }

  /// `Pow`, whose exponent must be a single constant.
  mutating func power(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    guard let exponent = try constant(1, of: call), exponent.count == 1 else {
      throw call.refusal("has an exponent that is not a single constant")
    }
    if case .statistic(let input, .centred) = try value(0, of: call), exponent.floats[0] == 2 {
      return .statistic(input, .squares)
    }
    let operand = try operand(0, of: call)
    return try expression(
      operand.input, .operation(.power, operand.formula, .number(Double(exponent.floats[0]))),
      isAlone: operand.isAlone, call)
  }

  mutating func squareRoot(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    if case .statistic(let input, .variance(let epsilon, false)) = try value(0, of: call) {
      return .statistic(input, .variance(epsilon: epsilon, isRoot: true))
    }
    return try unary(.squareRoot, &call)
  }

  /// A comparison of a function with a number, or with another function of the same activation.
  mutating func comparison(
    _ operation: ONNXFormula.Operation, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXValue {
    let (input, parts) = try parts(of: call)
    guard parts.count == 2 else { throw call.refusal("compares \(parts.count) values") }
    return try expression(input, .operation(operation, parts[0], parts[1]), isAlone: false, call)
  }

  /// `Where`, which some activation functions use.
  mutating func choice(_ call: ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let (input, parts) = try parts(of: call)
    guard parts.count == 3 else { throw call.refusal("has \(parts.count) inputs") }
    return try expression(input, .choice(parts[0], parts[1], parts[2]), isAlone: false, call)
  }

  /// All inputs as functions of one activation, or constants.
  private mutating func parts(
    of call: ONNXCall
  ) throws(ONNXImportError.Problem) -> (ONNXActivation, [ONNXFormula]) {
    var input: ONNXActivation?
    var parts: [ONNXFormula] = []
    for index in call.inputs.indices {
      if case .constant(let constant) = try value(index, of: call) {
        guard constant.count == 1 else { throw call.refusal("compares with a constant that is not a single number") }
        parts.append(.number(Double(constant.floats[0])))
        continue
      }
      let operand = try operand(index, of: call)
      guard input?.isSame(as: operand.input) ?? true else {
        throw call.refusal("compares different activations, which the engine does not support")
      }
      input = operand.input
      parts.append(operand.formula)
    }
    guard let input else { throw call.refusal("compares constants of the graph, which the engine does not support") }
    return (input, parts)
  }

  // MARK: Layers

  /// The layers that compute a formula of an activation: a single layer if the engine has the whole function, otherwise layers in sequence or side by
  /// side. `mayFold` allows arithmetic to become part of the previous layer.
  mutating func layers(
    of formula: ONNXFormula, on input: ONNXActivation, mayFold: Bool, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    if let (factor, term) = formula.linear {
      return try layers(factor: factor, term: term, on: input, mayFold: mayFold, call)
    }
    if let layer = formula.layer { return try append(layer, to: input, for: call) }
    switch formula {
    case .function(.activation(let function), let inner):
      let source = try layers(of: inner, on: input, mayFold: mayFold, call)
      guard let layer = ONNXFormula.function(.activation(function), .input).layer else { break }
      return try append(layer, to: source, for: call)
    case .operation(let operation, let a, let b):
      if let (factor, term) = b.linear, factor == 0 {
        let source = try layers(of: a, on: input, mayFold: mayFold, call)
        let outer = ONNXFormula.operation(operation, .input, .number(term))
        guard let (factor, term) = outer.linear else { break }
        return try layers(factor: factor, term: term, on: source, mayFold: false, call)
      }
      if let (factor, term) = a.linear, factor == 0 {
        let source = try layers(of: b, on: input, mayFold: mayFold, call)
        let outer = ONNXFormula.operation(operation, .number(term), .input)
        guard let (factor, term) = outer.linear else { break }
        return try layers(factor: factor, term: term, on: source, mayFold: false, call)
      }
      guard operation == .add || operation == .multiply else { break }
      let first = try layers(of: a, on: input, mayFold: false, call)
      let second = try layers(of: b, on: input, mayFold: false, call)
      return operation == .add ? try sum([first, second], call) : try product(first, second, call)
    default: break
    }
    throw call.refusal("takes the result of arithmetic that is not an activation function of the engine")
  }

  private mutating func layers(
    factor: Double, term: Double, on input: ONNXActivation, mayFold: Bool, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    let factors = factor == 1 ? nil : [Float(factor)]
    let terms = term == 0 ? nil : [Float(term)]
    guard factors != nil || terms != nil else { return input }
    if mayFold, let output = try folded(input, factors, terms, call) { return output }
    guard case .activation(let output) = try affine(input, factors, terms, call) else {
      throw call.refusal("takes arithmetic on a vector that only a dense layer can absorb")
    }
    return output
  }
}
