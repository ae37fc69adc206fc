internal import Support
internal import JacquardEngine
internal import ONNXSchema

/// Walks the nodes of a graph and finds layers that compute the same.
///
/// It tries one interpretation of the graph's input at a time: images have channels first or last, and only the nodes show which.
struct ONNXGraphReader {
  /// The supported operator sets.
  static let operatorSets = 6...28
  /// The largest number of nodes; models of hundreds of layers have a few thousand.
  static let largestNodeCount = 20_000
  /// The deepest nesting of layers with branches.
  static let largestNesting = 16

  /// The version of the standard operators.
  let operatorSet: Int
  /// The size of the batch, if the graph fixes it.
  let batch: Int?
  /// The values computed so far.
  var values: [String: ONNXValue] = [:]
  /// The number of nodes that take each value.
  var uses: [String: Int] = [:]
  /// The layers so far.
  var steps: [ONNXStep] = []
  /// The preprocessing of the input before the first layer, once a layer exists.
  var preparation: ONNXPreparation?
  /// The concatenations so far: their inputs and their results.
  var joined: [(parts: [ONNXActivation], result: ONNXActivation)] = []
  /// The differences between the model and the graph, each in one sentence.
  private(set) var notes: [String] = []
  /// The largest total number of elements of layers, computed constants and preprocessing.
  private let largestNumberCount: Int
  /// The remaining number of elements.
  private var budget: Int

  init(operatorSet: Int, batch: Int?, uses: [String: Int], largestNumberCount: Int = Graph.largestParameterCount) {
    self.largestNumberCount = largestNumberCount
    budget = largestNumberCount
    self.operatorSet = operatorSet
    self.batch = batch
    self.uses = uses
  }

  /// Reads one node, whose inputs are known, and stores its outputs.
  mutating func read(_ call: ONNXCall) throws(ONNXImportError.Problem) {
    guard let output = call.outputs.first, !output.isEmpty else { throw call.refusal("has no output") }
    guard let operation = Self.operations[call.type] else {
      throw call.refusal(Self.unknown(call.type))
    }
    guard call.type == "Constant" || !call.inputs.isEmpty else { throw call.refusal("has no input") }
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

  /// An input that must be an activation; a pending function becomes a layer.
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
        throw call.refusal("takes arithmetic on a vector that only a dense layer can absorb")
      }
      result = scaled
    case .expression(_, .affine):
      throw call.refusal("takes arithmetic on a vector that only a dense layer can absorb")
    case .expanded: throw call.refusal("takes numbers that are spread over pixels, which only a product can")
    case .grouped: throw call.refusal("takes channels that are cut into groups")
    case .statistic: throw call.refusal("takes a part of a norm that the engine does not have")
    case .probabilities: throw call.refusal("follows a softmax, which must be the last operation")
    case .constant: throw call.refusal("takes a constant instead of an activation")
    case .sizes: throw call.refusal("takes sizes instead of an activation")
    }
    values[call.inputs[index]] = .activation(result)
    return result
  }

  /// Records a difference between the model and the graph; each note is kept once.
  mutating func note(_ sentence: String) {
    if !notes.contains(sentence) { notes.append(sentence) }
  }

  /// Why an operator is not supported, and what to do.
  private static func unknown(_ type: String) -> String {
    let quantized = ["QLinear", "ConvInteger", "MatMulInteger", "DynamicQuantizeLinear"]
    let isQuantized = quantized.contains { type.contains($0) }
    return isQuantized
      ? "computes with whole numbers, which the engine does not support; export the model in floating point, or with QuantizeLinear and DequantizeLinear around each layer"
      : "is an operator that the engine does not have; rewrite that part of the model with operators that it has, and export it again"
  }

  /// An input that must be a constant; nil if it is omitted.
  func constant(_ index: Int, of call: ONNXCall) throws(ONNXImportError.Problem) -> ONNXConstant? {
    guard call.has(index) else { return nil }
    guard case .constant(let constant) = try value(index, of: call) else {
      throw call.refusal(
        "takes \(ForeignText.quoted(call.inputs[index])) as input \(index + 1), which must be a constant of the graph"
      )
    }
    return constant
  }

  /// A constant of whole numbers; nil if the input is omitted.
  func integers(_ index: Int, of call: ONNXCall) throws(ONNXImportError.Problem) -> [Int]? {
    guard let constant = try constant(index, of: call) else { return nil }
    guard let integers = constant.integers, constant.shape.count <= 1 else {
      throw call.refusal("should have whole numbers as input \(index + 1)")
    }
    return integers
  }

  /// Sizes: of an activation, or a constant of whole numbers.
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

  /// Whether only one node takes this input; false if it is omitted.
  func isTakenOnce(_ index: Int, of call: ONNXCall) -> Bool {
    call.has(index) && uses[call.inputs[index]] == 1
  }

  // MARK: Layers

  /// Subtracts elements from the total that the graph may have.
  mutating func spend(_ count: Int, for call: ONNXCall) throws(ONNXImportError.Problem) {
    guard count <= budget else {
      throw call.refusal("brings the numbers of the graph above \(largestNumberCount)")
    }
    budget -= count
  }

  /// Appends a layer with its tensors; the result keeps the view of the input, unless the shape changes.
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

  /// The number of steps up to this one.
  func depth(of step: Int?) -> Int { step.map { steps[$0].depth } ?? 0 }

  /// The output shape of a layer.
  func outputShape(
    of layer: any Layer, for input: Shape, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> Shape {
    do throws(ShapeMismatch) {
      let shape = try layer.outputShape(for: input)
      guard shape.isWithinLimit else { throw ShapeMismatch("turns \(input) into \(shape), more than a model may hold") }
      return shape
    } catch {
      throw call.refusal(error.description)
    }
  }

  /// Fixes the preprocessing of the input before the first layers, which must all agree.
  mutating func begin(with preparation: ONNXPreparation, _ call: ONNXCall) throws(ONNXImportError.Problem) {
    guard !preparation.areBytes else {
      throw call.refusal("takes bytes; insert a Cast to floating point before it")
    }
    guard self.preparation == nil || self.preparation == preparation else {
      throw call.refusal("takes the graph's input prepared differently from an earlier node")
    }
    self.preparation = preparation
  }

  /// An activation in the graph's view. If that is one row of numbers, an image is flattened.
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
