internal import Support
internal import JacquardEngine

extension ONNXGraphReader {
  /// `Add` and `Sum`: a bias, a part of a function, a step of preprocessing, or the end of branches.
  mutating func add(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    try allowBroadcast(&call)
    if call.inputs.count == 1 { return try value(0, of: call) }
    if call.inputs.count == 2 {
      if let constant = try number(1, of: call) { return try apply(.add, constant, to: 0, call) }
      if let constant = try number(0, of: call) { return try apply(.add, constant, to: 1, call) }
      if let combined = try combined(.add, call) { return combined }
    }
    guard call.inputs.count <= Branches.largestPathCount else {
      throw call.refusal("adds \(call.inputs.count) values; the limit is \(Branches.largestPathCount)")
    }
    var paths: [ONNXActivation] = []
    for index in call.inputs.indices { paths.append(try activation(index, of: call)) }
    return .activation(try sum(paths, call))
  }

  mutating func subtract(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    try allowBroadcast(&call)
    if case .statistic(let input, .mean) = try value(1, of: call),
      case .activation(let other) = try value(0, of: call), other.isSame(as: input)
    {
      return .statistic(input, .centred)
    }
    if let constant = try number(1, of: call) { return try apply(.subtract, constant, to: 0, call) }
    guard let constant = try number(0, of: call) else {
      if let combined = try combined(.subtract, call) { return combined }
      throw call.refusal("subtracts activations, which the engine does not support")
    }
    let operand = try operand(1, of: call)
    if operand.isInput, operand.input.step == nil, operand.isAlone {
      // c − x = −x + c
      guard !operand.input.preparation.areBytes, let numbers = perChannel(constant, operand.input),
        let preparation = operand.input.preparation.multiplied(by: [-1])?.added(numbers)
      else { throw call.refusal("subtracts an activation from constants, which the engine does not support") }
      try spend(preparation.count, for: call)
      var output = operand.input
      output.preparation = preparation
      return .activation(output)
    }
    guard constant.count == 1 else {
      throw call.refusal("subtracts an activation from constants, which the engine does for one number only")
    }
    return try expression(
      operand.input, .operation(.subtract, .number(Double(constant.floats[0])), operand.formula),
      isAlone: operand.isAlone, call)
  }

  mutating func divide(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    try allowBroadcast(&call)
    if let norm = try normalized(call) { return .activation(norm) }
    if let constant = try number(1, of: call) {
      guard constant.floats.allSatisfy({ $0 != 0 }) else { throw call.refusal("divides by 0") }
      return try apply(.divide, constant, to: 0, call)
    }
    if let constant = try number(0, of: call), constant.count == 1 {
      let operand = try operand(1, of: call)
      return try expression(
        operand.input, .operation(.divide, .number(Double(constant.floats[0])), operand.formula),
        isAlone: operand.isAlone, call)
    }
    guard let combined = try combined(.divide, call) else {
      throw call.refusal("divides by an activation, which the engine does not support")
    }
    return combined
  }

  /// `Mul`: a factor, a part of a function, or a gate as in squeeze-and-excite.
  mutating func multiply(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    try allowBroadcast(&call)
    if case .statistic(let input, .centred) = try value(0, of: call), call.inputs.count == 2,
      call.inputs[0] == call.inputs[1]
    {
      return .statistic(input, .squares)
    }
    for index in 0...1 {
      guard case .expanded(let factors, let shape) = try value(index, of: call) else { continue }
      let image = try activation(1 - index, of: call)
      guard image.view.shape(image.sizes) == shape else {
        throw call.refusal(
          "multiplies \(ForeignText.shape(image.view.shape(image.sizes))) and \(ForeignText.shape(shape))")
      }
      return .activation(try product(image, factors, call))
    }
    if let constant = try number(1, of: call) { return try apply(.multiply, constant, to: 0, call) }
    if let constant = try number(0, of: call) { return try apply(.multiply, constant, to: 1, call) }
    if let weighted = try weighted(call) { return weighted }
    if let combined = try combined(.multiply, call) { return combined }
    let (first, second) = (try activation(0, of: call), try activation(1, of: call))
    return .activation(try product(first, second, call))
  }

  /// The product of a function with factors and another function of the same activation; nil for other products.
  private mutating func weighted(_ call: ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue? {
    for index in 0...1 {
      guard case .expression(let input, .weighted(let formula, let factors)) = try value(index, of: call) else {
        continue
      }
      switch try value(1 - index, of: call) {
      case .activation, .expression(_, .formula): break
      default: continue
      }
      let other = try operand(1 - index, of: call)
      guard other.input.isSame(as: input) else { continue }
      let product = ONNXFormula.operation(.multiply, other.formula, formula)
      let output = try layers(of: product, on: input, mayFold: false, call)
      return try affine(output, factors, nil, call)
    }
    return nil
  }

  /// Combines two functions of the same activation; nil for others.
  private mutating func combined(
    _ operation: ONNXFormula.Operation, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXValue? {
    for index in 0...1 {
      switch try value(index, of: call) {
      case .activation, .expression(_, .formula): break
      default: return nil
      }
    }
    let (first, second) = (try operand(0, of: call), try operand(1, of: call))
    guard first.input.isSame(as: second.input) else { return nil }
    let formula = ONNXFormula.operation(operation, first.formula, second.formula)
    return try expression(first.input, formula, isAlone: false, call)
  }

  /// Arithmetic with constants: preprocessing, a part of the previous layer, or a part of a function.
  private mutating func apply(
    _ operation: ONNXFormula.Operation, _ constant: ONNXConstant, to index: Int, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXValue {
    switch try value(index, of: call) {
    case .statistic(let input, .variance(let epsilon, false)) where operation == .add && constant.count == 1:
      return .statistic(input, .variance(epsilon: epsilon + constant.floats[0], isRoot: false))
    case .expression(let input, .affine(let factors, let terms)):
      return try affine(input, factors, terms, then: operation, constant, call)
    case .expression(let input, .weighted(let formula, let factors)) where !input.shape.isImage:
      let output = try layers(of: formula, on: input, mayFold: false, call)
      return try affine(output, factors, [0], then: operation, constant, call)
    default: break
    }
    let operand = try operand(index, of: call)
    let isPreparation = operand.isInput && operand.input.step == nil && operand.isAlone
    if constant.count == 1, constant.shape.count <= operand.input.view.rank, !isPreparation {
      let formula = ONNXFormula.operation(operation, operand.formula, .number(Double(constant.floats[0])))
      return try expression(operand.input, formula, isAlone: operand.isAlone, call)
    }
    if !operand.input.shape.isImage, let (factor, term) = operand.formula.linear, !operand.isInput,
      !operand.isAlone || operand.input.step.map({ !(steps[$0].layer is Dense) }) ?? true
    {
      return try affine(operand.input, [Float(factor)], [Float(term)], then: operation, constant, call)
    }
    if operation == .multiply || operation == .divide, operand.formula.linear == nil,
      let numbers = perChannel(constant, operand.input)
    {
      try spend(numbers.count, for: call)
      let factors = operation == .multiply ? numbers : numbers.map { 1 / $0 }
      return .expression(operand.input, .weighted(operand.formula, factors: factors))
    }
    let input = try activation(index, of: call)
    guard let numbers = perChannel(constant, input) else {
      throw call.refusal(
        "has constants of the shape \(ForeignText.shape(constant.shape)); expected one number or one for each of \(input.sizes.channels) channels"
      )
    }
    let isOnlyUse = isTakenOnce(index, of: call)
    if isOnlyUse, input.step == nil {
      guard !input.preparation.areBytes else {
        throw call.refusal("computes with bytes; insert a Cast to floating point before it")
      }
      guard let preparation = Self.apply(operation, numbers, to: input.preparation) else {
        throw call.refusal("prepares the input by numbers of different signs, by 0, or by a number that is not finite")
      }
      try spend(preparation.count, for: call)
      var output = input
      output.preparation = preparation
      return .activation(output)
    }
    let factors: [Float]? =
      switch operation {
      case .multiply: numbers
      case .divide: numbers.map { 1 / $0 }
      default: nil
      }
    let terms = factors != nil ? nil : operation == .subtract ? numbers.map { -$0 } : numbers
    if isOnlyUse, let output = try folded(input, factors, terms, call) { return .activation(output) }
    return try affine(input, factors, terms, call)
  }

  /// Arithmetic on vectors that a later dense layer absorbs, extended by another step.
  private mutating func affine(
    _ input: ONNXActivation, _ factors: [Float], _ terms: [Float], then operation: ONNXFormula.Operation,
    _ constant: ONNXConstant, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXValue {
    guard let numbers = perChannel(constant, input) else {
      throw call.refusal("has constants of the shape \(ForeignText.shape(constant.shape)) for a vector")
    }
    try spend(max(factors.count, numbers.count) + max(terms.count, numbers.count), for: call)
    func combined(_ a: [Float]) -> [Float] {
      (0..<max(a.count, numbers.count)).map {
        let (x, y) = (a.count == 1 ? a[0] : a[$0], numbers.count == 1 ? numbers[0] : numbers[$0])
        return Float(operation.value(Double(x), Double(y)))
      }
    }
    let isFactor = operation == .multiply || operation == .divide
    return .expression(input, .affine(factors: isFactor ? combined(factors) : factors, terms: combined(terms)))
  }

  /// `x · factors + terms` after a layer that cannot absorb it: a separate layer, or a part of the next one.
  mutating func affine(
    _ input: ONNXActivation, _ factors: [Float]?, _ terms: [Float]?, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXValue {
    if input.shape.isImage {
      // A convolution with one weight per channel: trained like any other layer.
      let channels = input.shape.channels
      guard channels <= 65536 else { throw call.refusal("is arithmetic for \(channels) channels") }
      func spread(_ values: [Float]) -> [Float] {
        values.count == 1 ? Array(repeating: values[0], count: channels) : values
      }
      var tensors = ["weight": spread(factors ?? [1])]
      tensors["bias"] = terms.map(spread)
      return .activation(
        try append(
          Conv2D(outputChannels: channels, kernelSize: 1, groups: channels, usesBias: terms != nil), tensors,
          to: input, for: call))
    }
    let (slopes, offsets) = (factors ?? [1], terms ?? [0])
    try spend(slopes.count + offsets.count, for: call)
    return .expression(input, .affine(factors: slopes, terms: offsets))
  }

  private static func apply(
    _ operation: ONNXFormula.Operation, _ numbers: [Float], to preparation: ONNXPreparation
  ) -> ONNXPreparation? {
    switch operation {
    case .multiply: preparation.multiplied(by: numbers)
    case .divide: preparation.divided(by: numbers)
    case .add: preparation.added(numbers)
    case .subtract: preparation.added(numbers.map { -$0 })
    default: nil
    }
  }

  /// A constant that is broadcast to an activation: one number for all, or one per channel; nil for other shapes.
  func perChannel(_ constant: ONNXConstant, _ input: ONNXActivation) -> [Float]? {
    guard constant.shape.count <= input.view.rank else { return nil }
    if constant.count == 1 { return constant.floats }
    let sizes = Array(repeating: 1, count: input.view.rank - constant.shape.count) + constant.shape
    guard sizes[0] == 1 else { return nil }
    for (size, dimension) in zip(sizes[1...], input.view.dimensions) where size != 1 {
      guard dimension == [.channels], size == input.sizes.channels else { return nil }
    }
    return constant.floats
  }

  /// An input, if it is a floating-point constant.
  private func number(_ index: Int, of call: ONNXCall) throws(ONNXImportError.Problem) -> ONNXConstant? {
    guard case .constant(let constant) = try value(index, of: call) else { return nil }
    guard case .floats = constant.elements else {
      throw call.refusal("computes with whole numbers, which the engine does not support")
    }
    return constant
  }

  /// Before operator set 7, broadcasting had to be requested; its `axis` attribute is not supported.
  private func allowBroadcast(_ call: inout ONNXCall) throws(ONNXImportError.Problem) {
    if operatorSet < 7 { _ = try call.integer("broadcast") }
  }
}
