internal import Support
internal import JacquardEngine

extension ONNXGraphReader {
  /// What a node does with one number for each channel.
  private enum Arithmetic {
    case multiply, divide, add, subtract
  }

  /// `Add` and `Sum`: a bias, a part of GELU, a step of preprocessing, or the end of a residual layer.
  mutating func add(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    try allowBroadcast(&call)
    switch call.inputs.count {
    case 1: return try value(0, of: call)
    case 2: break
    default: throw call.refusal("adds \(call.inputs.count) values; two are understood")
    }
    if let constant = try number(1, of: call) { return try apply(.add, constant, to: 0, call) }
    if let constant = try number(0, of: call) { return try apply(.add, constant, to: 1, call) }
    return .activation(try sum(try activation(0, of: call), try activation(1, of: call), call))
  }

  mutating func subtract(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    try allowBroadcast(&call)
    if let constant = try number(1, of: call) { return try apply(.subtract, constant, to: 0, call) }
    guard let constant = try number(0, of: call) else {
      throw call.refusal("subtracts activations, which the engine cannot")
    }
    // c − x = −x + c, in preprocessing only.
    let input = try activation(1, of: call)
    guard input.step == nil, isTakenOnce(1, of: call), !input.preparation.areBytes,
      let numbers = perChannel(constant, input),
      let preparation = input.preparation.multiplied(by: [-1])?.added(numbers)
    else { throw call.refusal("subtracts an activation from constants, which the engine cannot") }
    try spend(preparation.count, for: call)
    var output = input
    output.preparation = preparation
    return .activation(output)
  }

  mutating func divide(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    try allowBroadcast(&call)
    guard let constant = try number(1, of: call) else {
      throw call.refusal("divides by an activation, which the engine cannot")
    }
    guard constant.floats.allSatisfy({ $0 != 0 }) else { throw call.refusal("divides by 0") }
    return try apply(.divide, constant, to: 0, call)
  }

  /// `Mul`: a factor, or the end of GELU or SiLU.
  mutating func multiply(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    try allowBroadcast(&call)
    if let constant = try number(1, of: call) { return try apply(.multiply, constant, to: 0, call) }
    if let constant = try number(0, of: call) { return try apply(.multiply, constant, to: 1, call) }
    let (first, second) = (try value(0, of: call), try value(1, of: call))
    if let product = try product(first, second, call) { return product }
    if let product = try product(second, first, call) { return product }
    throw call.refusal("multiplies activations, which the engine does for GELU and SiLU only")
  }

  /// `first · second` where `second` is a function of `first`; nil otherwise.
  private mutating func product(
    _ first: ONNXValue, _ second: ONNXValue, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXValue? {
    guard case .expression(let input, let expression) = second else { return nil }
    var scale: Float = 1
    switch first {
    case .activation(let other) where other.isSame(as: input): break
    case .expression(let other, .scaled(let factor)) where other.isSame(as: input): scale = factor
    default: return nil
    }
    switch expression {
    case .sigmoid(let factors):
      let output = try append(SiLU(), to: input, for: call)
      try spend(factors.count, for: call)
      let all = factors.map { scale * $0 }
      return all == [1] ? .activation(output) : try affine(output, all, nil, call)
    case .error(let factor, let inner, let term):
      return try whole(input, .product(factor: scale * factor, inner: inner, term: scale * term), call)
    default: return nil
    }
  }

  /// An expression, or GELU where it has become that.
  private mutating func whole(
    _ input: ONNXActivation, _ expression: ONNXExpression, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXValue {
    expression.isGELU
      ? .activation(try append(GELU(), to: input, for: call)) : .expression(input, expression)
  }

  /// Arithmetic with numbers that the graph holds: preprocessing, a part of the layer before, or a part of GELU.
  private mutating func apply(
    _ operation: Arithmetic, _ constant: ONNXConstant, to index: Int, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXValue {
    if case .expression(let input, let expression) = try value(index, of: call) {
      if case .affine(let factors, let terms) = expression, let numbers = perChannel(constant, input) {
        try spend(max(factors.count, numbers.count) + max(terms.count, numbers.count), for: call)
        return .expression(input, Self.apply(operation, numbers, toFactors: factors, terms: terms))
      }
      if case .sigmoid(let factors) = expression, operation == .multiply || operation == .divide,
        let numbers = perChannel(constant, input),
        case .affine(let factors, _) = Self.apply(operation, numbers, toFactors: factors, terms: [0])
      {
        try spend(factors.count, for: call)
        return .expression(input, .sigmoid(factors: factors))
      }
      guard constant.count == 1, let result = Self.apply(operation, constant.floats[0], to: expression) else {
        throw call.refusal("is arithmetic that is no part of GELU or SiLU")
      }
      return try whole(input, result, call)
    }
    let input = try activation(index, of: call)
    guard let numbers = perChannel(constant, input) else {
      throw call.refusal(
        "has constants of the shape \(ForeignText.shape(constant.shape)), where one number or one for each of \(input.sizes.channels) channels is understood"
      )
    }
    let isOnlyUse = isTakenOnce(index, of: call)
    if isOnlyUse, input.step == nil {
      guard !input.preparation.areBytes else {
        throw call.refusal("computes with bytes, which a Cast to floating point must come before")
      }
      guard let preparation = Self.apply(operation, numbers, to: input.preparation) else {
        throw call.refusal("prepares the input by numbers of different signs, or by 0, or by what is no number")
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
      case .add, .subtract: nil
      }
    let terms = factors != nil ? nil : operation == .subtract ? numbers.map { -$0 } : numbers
    if isOnlyUse, let output = try folded(input, factors, terms, call) { return .activation(output) }
    if !isOnlyUse, let factors, factors.count == 1 { return .expression(input, .scaled(factors[0])) }
    return try affine(input, factors, terms, call)
  }

  /// `x · factors + terms` behind a layer that cannot take it in: a layer of its own, or a part of the one that follows.
  private mutating func affine(
    _ input: ONNXActivation, _ factors: [Float]?, _ terms: [Float]?, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXValue {
    if input.shape.isImage {
      // A convolution of one weight for each channel: trained like any other layer.
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
    _ operation: Arithmetic, _ numbers: [Float], to preparation: ONNXPreparation
  ) -> ONNXPreparation? {
    switch operation {
    case .multiply: preparation.multiplied(by: numbers)
    case .divide: preparation.divided(by: numbers)
    case .add: preparation.added(numbers)
    case .subtract: preparation.added(numbers.map { -$0 })
    }
  }

  private static func apply(
    _ operation: Arithmetic, _ number: Float, to expression: ONNXExpression
  ) -> ONNXExpression? {
    let scale = operation == .multiply ? number : 1 / number
    switch (operation, expression) {
    case (.multiply, .scaled(let factor)), (.divide, .scaled(let factor)): return .scaled(scale * factor)
    case (.multiply, .error(let factor, let inner, let term)), (.divide, .error(let factor, let inner, let term)):
      return .error(factor: scale * factor, inner: inner, term: scale * term)
    case (.multiply, .product(let factor, let inner, let term)),
      (.divide, .product(let factor, let inner, let term)):
      return .product(factor: scale * factor, inner: inner, term: scale * term)
    case (.add, .error(let factor, let inner, let term)):
      return .error(factor: factor, inner: inner, term: term + number)
    default: return nil
    }
  }

  private static func apply(
    _ operation: Arithmetic, _ numbers: [Float], toFactors factors: [Float], terms: [Float]
  ) -> ONNXExpression {
    func combined(_ a: [Float], _ b: [Float], _ operation: (Float, Float) -> Float) -> [Float] {
      (0..<max(a.count, b.count)).map { operation(a.count == 1 ? a[0] : a[$0], b.count == 1 ? b[0] : b[$0]) }
    }
    switch operation {
    case .multiply: return .affine(factors: combined(factors, numbers, *), terms: combined(terms, numbers, *))
    case .divide: return .affine(factors: combined(factors, numbers, /), terms: combined(terms, numbers, /))
    case .add: return .affine(factors: factors, terms: combined(terms, numbers, +))
    case .subtract: return .affine(factors: factors, terms: combined(terms, numbers, -))
    }
  }

  /// Numbers that are spread over an activation: one for all, or one for each channel; nil where they are spread otherwise.
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

  /// An input, if it is floating point numbers that the graph holds.
  private func number(_ index: Int, of call: ONNXCall) throws(ONNXImportError.Problem) -> ONNXConstant? {
    guard case .constant(let constant) = try value(index, of: call) else { return nil }
    guard case .floats = constant.elements else {
      throw call.refusal("computes with whole numbers, which the engine does not")
    }
    return constant
  }

  /// Before operator set 7 spreading had to be asked for; `axis`, which it could have then, is not known here.
  private func allowBroadcast(_ call: inout ONNXCall) throws(ONNXImportError.Problem) {
    if operatorSet < 7 { _ = try call.integer("broadcast") }
  }
}
