internal import Support
internal import JacquardEngine
internal import ONNXSchema

/// Walks the nodes of a graph, and finds the layers that compute the same.
///
/// One way to see the graph's input at a time: images come with channels first or last, and only what the nodes do tells which.
struct ONNXGraphReader {
  /// The operator sets that are understood.
  static let operatorSets = 6...28
  /// The most nodes; models of hundreds of layers have some thousands.
  static let largestNodeCount = 20_000
  /// How deep layers with branches may nest.
  static let largestNesting = 16

  /// The operator set of the standard's operators.
  let operatorSet: Int
  /// The size of the batch, where the graph fixes it.
  let batch: Int?
  /// What the nodes have given so far.
  var values: [String: ONNXValue] = [:]
  /// How many nodes take a value.
  var uses: [String: Int] = [:]
  /// The layers so far.
  var steps: [ONNXStep] = []
  /// What happens to the input before the first layer, once there is one.
  var preparation: ONNXPreparation?
  /// The concatenations so far: what each joined, and what it gave.
  var joined: [(parts: [ONNXActivation], result: ONNXActivation)] = []
  /// What the model computes otherwise than the graph, each in one sentence.
  private(set) var notes: [String] = []
  /// How many numbers the layers, and the constants and preparations that were computed, may have in all.
  private let largestNumberCount: Int
  /// How many of them are left.
  private var budget: Int

  init(operatorSet: Int, batch: Int?, uses: [String: Int], largestNumberCount: Int = Graph.largestParameterCount) {
    self.largestNumberCount = largestNumberCount
    budget = largestNumberCount
    self.operatorSet = operatorSet
    self.batch = batch
    self.uses = uses
  }

  /// Reads one node, whose inputs are known, and keeps its outputs.
  mutating func read(_ call: ONNXCall) throws(ONNXImportError.Problem) {
    guard let output = call.outputs.first, !output.isEmpty else { throw call.refusal("has no output") }
    guard let operation = Self.operations[call.type] else {
      throw call.refusal(Self.unknown(call.type))
    }
    var call = call
    if let constant = try folded(&call) {
      try call.finish()
      values[output] = .constant(constant)
      return
    }
    let value = try operation(&self, &call)
    try call.finish()
    if case .sizes(let sizes, let isSingle) = value, let known = ONNXConstant(sizes, isSingle: isSingle) {
      values[output] = .constant(known)
    } else {
      values[output] = value
    }
  }

  // MARK: Inputs of nodes

  /// The value of an input.
  func value(_ index: Int, of call: ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    guard call.has(index) else { throw call.refusal("has no input \(index + 1)") }
    let name = call.inputs[index]
    guard let value = values[name] else {
      throw call.refusal("takes \(ForeignText.quoted(name)), which no node before it gives")
    }
    return value
  }

  /// An input that must be an activation; what is not a layer yet becomes one.
  mutating func activation(_ index: Int, of call: ONNXCall) throws(ONNXImportError.Problem) -> ONNXActivation {
    let result: ONNXActivation
    switch try value(index, of: call) {
    case .activation(let activation): return activation
    case .padded(let input, let padding): result = try framed(input, padding, call)
    case .expression(let input, .formula(let formula, let isAlone)):
      result = try layers(of: formula, on: input, mayFold: isAlone && isTakenOnce(index, of: call), call)
    case .expression(let input, .weighted(let formula, let factors)):
      let output = try layers(of: formula, on: input, mayFold: false, call)
      guard case .activation(let scaled) = try affine(output, factors, nil, call) else {
        throw call.refusal("takes arithmetic on a vector that only a dense layer could take in")
      }
      result = scaled
    case .expression(_, .affine):
      throw call.refusal("takes arithmetic on a vector that only a dense layer could take in")
    case .expanded: throw call.refusal("takes numbers that are spread over pixels, which only a product can")
    case .grouped: throw call.refusal("takes channels that are cut into groups")
    case .statistic: throw call.refusal("takes a part of a norm that the engine does not have")
    case .probabilities: throw call.refusal("comes behind a softmax, which must be the end")
    case .constant: throw call.refusal("takes a constant in the place of an activation")
    case .sizes: throw call.refusal("takes sizes in the place of an activation")
    }
    values[call.inputs[index]] = .activation(result)
    return result
  }

  /// Notes that the model computes something otherwise; the same note is kept once.
  mutating func note(_ sentence: String) {
    if !notes.contains(sentence) { notes.append(sentence) }
  }

  /// Why an operator is not read, and what can be done.
  private static func unknown(_ type: String) -> String {
    let quantized = ["QLinear", "ConvInteger", "MatMulInteger", "DynamicQuantizeLinear"]
    let isQuantized = quantized.contains { type.contains($0) }
    return isQuantized
      ? "computes with whole numbers, which the engine does not; export the model in floating point, or with QuantizeLinear and DequantizeLinear around each layer"
      : "is an operator that the engine does not have; rewrite that part of the model with operators that it has, and export it again"
  }

  /// An input that must be numbers which the graph holds; nil where it is left out.
  func constant(_ index: Int, of call: ONNXCall) throws(ONNXImportError.Problem) -> ONNXConstant? {
    guard call.has(index) else { return nil }
    guard case .constant(let constant) = try value(index, of: call) else {
      throw call.refusal(
        "takes \(ForeignText.quoted(call.inputs[index])) as input \(index + 1), which must be numbers that the graph holds"
      )
    }
    return constant
  }

  /// Whole numbers that the graph holds; nil where the input is left out.
  func integers(_ index: Int, of call: ONNXCall) throws(ONNXImportError.Problem) -> [Int]? {
    guard let constant = try constant(index, of: call) else { return nil }
    guard let integers = constant.integers, constant.shape.count <= 1 else {
      throw call.refusal("should have whole numbers as input \(index + 1)")
    }
    return integers
  }

  /// Sizes: of an activation, or whole numbers.
  func sizes(
    _ index: Int, of call: ONNXCall
  ) throws(ONNXImportError.Problem) -> (sizes: [ONNXSize], isSingle: Bool) {
    switch try value(index, of: call) {
    case .sizes(let sizes, let isSingle): return (sizes, isSingle)
    case .constant(let constant):
      guard let integers = constant.integers, constant.shape.count <= 1 else { break }
      return (integers.map(ONNXSize.known), constant.shape.isEmpty)
    default: break
    }
    throw call.refusal("should have whole numbers or sizes as input \(index + 1)")
  }

  /// Whether only one node takes this input.
  func isTakenOnce(_ index: Int, of call: ONNXCall) -> Bool { uses[call.inputs[index]] == 1 }

  // MARK: Layers

  /// Takes numbers off what the graph may have in all.
  mutating func spend(_ count: Int, for call: ONNXCall) throws(ONNXImportError.Problem) {
    guard count <= budget else {
      throw call.refusal("brings the numbers of the graph above \(largestNumberCount)")
    }
    budget -= count
  }

  /// Appends a layer with its tensors; the result is seen as its input was, unless the shape changes.
  mutating func append(
    _ layer: any Layer, _ tensors: [String: [Float]] = [:], to input: ONNXActivation, for call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    let shape = try outputShape(of: layer, for: input.shape, call)
    for tensor in layer.tensors(for: input.shape) {
      let count = tensor.order.count
      try spend(count, for: call)
      guard let values = tensors[tensor.name], values.count == count else {
        throw call.refusal(
          "should have \(count) numbers as \(tensor.name), but has \(tensors[tensor.name]?.count ?? 0)")
      }
    }
    if input.step == nil { try begin(with: input.preparation, call) }
    steps.append(
      ONNXStep(
        parent: input.step, depth: depth(of: input.step) + 1, input: input.shape, layer: layer, tensors: tensors))
    var output = input
    output.step = steps.count - 1
    output.preparation = ONNXPreparation()
    output.shape = shape
    if shape.isImage, shape != input.shape {
      output.sizes = ONNXAxisSizes(channels: shape.channels, rows: shape.height, columns: shape.width)
      output.view = .channelsFirst(output.sizes)
    } else if layer is Dense || layer is GlobalAveragePool || layer is GlobalMaxPool {
      output.sizes = ONNXAxisSizes(channels: shape.channels, rows: 1, columns: 1)
      output.view = ONNXView([.channels], output.sizes)
    }
    return output
  }

  /// How many steps there are up to this one.
  func depth(of step: Int?) -> Int { step.map { steps[$0].depth } ?? 0 }

  /// What a layer makes of a shape.
  func outputShape(
    of layer: any Layer, for input: Shape, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> Shape {
    do throws(ShapeMismatch) {
      let shape = try layer.outputShape(for: input)
      guard shape.isWithinLimit else { throw ShapeMismatch("makes \(shape) of \(input), more than a model may hold") }
      return shape
    } catch {
      throw call.refusal(error.description)
    }
  }

  /// Fixes what happens to the input before the first layers, all of which must agree.
  mutating func begin(with preparation: ONNXPreparation, _ call: ONNXCall) throws(ONNXImportError.Problem) {
    guard !preparation.areBytes else {
      throw call.refusal("takes bytes, which a Cast to floating point must come before")
    }
    guard self.preparation == nil || self.preparation == preparation else {
      throw call.refusal("takes the graph's input prepared in another way than an earlier node does")
    }
    self.preparation = preparation
  }

  /// An activation as the graph sees it now; where that is one row of numbers, an image is flattened.
  mutating func seen(
    _ input: ONNXActivation, as view: ONNXView, for call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    var output = input
    if view.rank == 2, input.shape.isImage { output = try append(Flatten(), to: input, for: call) }
    output.view = view
    output.sizes = input.sizes
    return output
  }
}
