package import JacquardEngine

/// An ONNX graph as layers of ours.
package struct ONNXNetworkGraph: Sendable {
  /// The kind of output of the graph.
  package enum Outcome: Sendable {
    /// The output of the last layer.
    case logits
    /// Its softmax, which a model leaves out.
    case probabilities
    /// The logarithm of its softmax.
    case logProbabilities
    /// The sigmoid of its only number, which becomes two classes in a model.
    case sigmoid
  }

  /// The input shape of the layers.
  package let inputShape: Shape
  /// The layout of the graph's input.
  package let layout: ONNXLayout
  /// Whether the graph's input is bytes.
  package let takesBytes: Bool
  /// The layers, first to last.
  package let layers: [any Layer]
  /// Their tensors, with the names and the order of files.
  package let tensors: [NamedTensor]
  /// The output shape of the last layer.
  package let outputShape: Shape
  /// The kind of output of the graph.
  package let outcome: Outcome
  /// Strings stored beside the graph.
  package let metadata: [String: String]
  /// The producer, according to the file; empty if it is not named.
  package let producer: String
  /// The differences between the layers and the graph, each in one sentence.
  package let notes: [String]
  /// The graph's preprocessing of its input before the first layer.
  let preparation: ONNXPreparation

  /// The graph's preprocessing of its input before the first layer, as if the input were pixels; nil if there is none.
  package var preprocessing: Normalization? {
    preparation.isIdentity ? nil : preparation.preprocessing(pixelFactor: 1)
  }

  /// Reads a file from its content, `file`.
  ///
  /// - Parameter path: The path of the file, to find numbers stored in files beside it; nil for a self-contained file.
  package init(_ file: [UInt8], path: String? = nil) throws(ONNXImportError.Problem) {
    try self.init(file, path: path, largestNumberCount: Graph.largestParameterCount)
  }

  /// The same with another limit for the elements of layers and intermediate results; tests use a small one.
  package init(_ file: [UInt8], path: String? = nil, largestNumberCount: Int) throws(ONNXImportError.Problem) {
    let document = try ONNXDocument(file)
    let external = path.map { ONNXExternalData(besideFileAt: $0) } ?? ONNXExternalData()
    // If both interpretations of an image fail, the one that got further is more informative.
    var failure: (place: Int, problem: ONNXImportError.Problem)?
    for layout in document.input.layouts(writtenBy: document.producer) {
      var place = 0
      do throws(ONNXImportError.Problem) {
        try self.init(document, external, layout, largestNumberCount, &place)
        return
      } catch {
        let further = place - (failure?.place ?? -1)
        if further > 0 || (further == 0 && layout == .channelsFirst) { failure = (place, error) }
      }
    }
    throw failure?.problem ?? ONNXImportError.Problem("the graph's input is not supported")
  }

  private init(
    _ document: ONNXDocument, _ external: ONNXExternalData, _ layout: ONNXLayout, _ largestNumberCount: Int,
    _ place: inout Int
  ) throws(ONNXImportError.Problem) {
    guard let input = document.input.activation(layout) else {
      throw ONNXImportError.Problem("the graph's input has more elements than a model may hold")
    }
    var reader = ONNXGraphReader(
      operatorSet: document.operatorSet, batch: document.input.batch, uses: document.uses,
      largestNumberCount: largestNumberCount)
    reader.values[document.input.name] = .activation(input)
    for call in document.calls {
      for name in call.inputs where reader.values[name] == nil {
        guard let tensor = document.tensors[name] else { continue }
        do throws(ONNXImportError.Problem) {
          reader.values[name] = .constant(try ONNXConstant(tensor, external: external))
        } catch {
          throw call.refusal("takes a tensor that cannot be read: \(error.reason)")
        }
      }
      try call.checkNumbers(reader.values)
      try reader.read(call)
      place += 1
    }
    if document.input.areHalf { reader.note(ONNXGraphReader.precisionNote) }
    let (output, outcome) = try Self.end(document, &reader)
    notes = reader.notes
    inputShape = input.shape
    self.layout = layout
    takesBytes = document.input.areBytes
    metadata = document.metadata
    producer = document.producer
    preparation = output.step == nil ? output.preparation : reader.preparation ?? ONNXPreparation()
    let path = reader.path(to: output.step)
    guard path.reduce(0, { $0 + reader.steps[$1].layerCount }) <= ONNXGraphReader.largestNodeCount else {
      throw ONNXImportError.Problem("the graph has more than \(ONNXGraphReader.largestNodeCount) layers")
    }
    // One pixel is already a vector, except for its shape.
    let isPixel = output.shape.isImage && output.shape.pixels == 1
    layers = path.map { reader.steps[$0].layer } + (isPixel ? [Flatten()] : [])
    outputShape = isPixel ? output.shape.flattened : output.shape
    tensors = reader.tensors(of: path, prefix: "")
    if let found = UnsoundNumber.first(in: tensors) {
      throw ONNXImportError.Problem("the layers of the graph, put together, overflow: \(found.finding)")
    }
    self.outcome = outcome
  }

  /// The kind of value that the graph ends in.
  private static func end(
    _ document: ONNXDocument, _ reader: inout ONNXGraphReader
  ) throws(ONNXImportError.Problem) -> (ONNXActivation, Outcome) {
    let result: (ONNXActivation, Outcome)
    switch reader.values[document.output] {
    case .activation(let output): result = (output, .logits)
    case .probabilities(let output, let areLogarithms):
      result = (output, areLogarithms ? .logProbabilities : .probabilities)
    case .expression(let output, .formula(.function(.activation(.sigmoid), .input), _)) where output.shape.count == 1:
      result = (output, .sigmoid)
    case .expression(let output, .formula(let formula, let isAlone)):
      guard let call = document.calls.last(where: { $0.outputs.contains(document.output) }) else { fallthrough }
      result = (try reader.layers(of: formula, on: output, mayFold: isAlone, call), .logits)
    default:
      throw ONNXImportError.Problem(
        "the graph's output is not that of a layer: it is constants, sizes, padding, or a part of a norm")
    }
    guard result.0.view.order == result.0.sizes.order else {
      throw ONNXImportError.Problem(
        "the graph gives its results in an order other than channels, rows, columns")
    }
    return result
  }
}

extension ONNXGraphReader {
  /// The steps from the graph's input to this one.
  fileprivate func path(to step: Int?) -> [Int] {
    var path: [Int] = []
    var next = step
    while let index = next {
      path.append(index)
      next = steps[index].parent
    }
    return path.reversed()
  }

  /// The tensors of steps that follow each other; their names begin with `prefix`.
  fileprivate func tensors(of path: [Int], prefix: String) -> [NamedTensor] {
    let names = LayerChain(path.map { steps[$0].layer }).names(within: prefix)
    return zip(path, names).flatMap { index, name in
      let step = steps[index]
      let own = step.layer.tensors(for: step.input).map {
        NamedTensor(
          name: "\(name).\($0.name)", shape: $0.order.fileShape, values: step.tensors[$0.name] ?? [])
      }
      return own
        + zip(step.layer.children, step.branches).flatMap { group, branch in
          tensors(of: branch, prefix: "\(name).\(group.name).")
        }
    }
  }
}
