internal import Support
internal import FoundationEssentials
public import JacquardEngine

/// An ONNX file as a model with its weights.
///
/// Reads graphs of operators that the engine has, from any program: with channels first or last, with a flatten in either order, with preprocessing
/// before the first layer and a softmax after the last, and with several nodes for one layer of ours. Everything else is rejected with the node and
/// the reason.
///
/// Source: the ONNX specification, operator sets 6 to 28, and onnxruntime's fused operators.
public struct ONNXImport: Sendable {
  /// The source of a model's preprocessing.
  public enum PreprocessingOrigin: String, Sendable {
    /// The nodes at the beginning of the graph.
    case graph
    /// Neither graph nor metadata specify it; it is Fashion-MNIST's.
    case assumed
  }

  /// The layers, class names and preprocessing. Classes without names are numbers.
  ///
  /// A graph with one output, with or without a sigmoid, becomes a model of two classes: the softmax of 0 and a number is its sigmoid. A vector whose
  /// size is that of a square image is treated as one, with one channel.
  public let model: Model
  /// The weights, with the names and the order of files.
  public let tensors: [NamedTensor]
  /// Strings stored beside the graph.
  public let metadata: [String: String]
  /// The producer, according to the file; empty if it is not named.
  public let producer: String
  /// The source of the model's preprocessing.
  public let preprocessingOrigin: PreprocessingOrigin
  /// The differences between the model and the graph, each in one sentence: for example, that it does not round quantized numbers.
  public let notes: [String]

  /// Reads a file from its content, `file`; errors name it `path`, and `name` is the name of the model.
  public init(file: [UInt8], path: String, name: String) throws(ONNXImportError) {
    do throws(ONNXImportError.Problem) {
      try self.init(try ONNXNetworkGraph(file, path: path), name: name)
    } catch {
      throw ONNXImportError(path: path, problem: error)
    }
  }

  private init(_ graph: ONNXNetworkGraph, name: String) throws(ONNXImportError.Problem) {
    guard !graph.layers.isEmpty else {
      throw ONNXImportError.Problem("the graph has no layer: its output is its input, in another form")
    }
    if (graph.layers.last as? Activation)?.function == .sigmoid {
      throw ONNXImportError.Problem(
        "the graph ends in a sigmoid for each of \(graph.outputShape.count) outputs, so that an image may have several classes; models here choose one class, so export the model without the sigmoid"
      )
    }
    var layers = graph.layers
    var tensors = graph.tensors
    if graph.outputShape.count == 1 { Self.addClass(to: &layers, &tensors, of: graph.outputShape) }
    let classes = try Self.classNames(graph)
    let preprocessing = Self.preprocessing(graph)
    var inputShape = graph.inputShape
    if let side = Self.side(ofVector: inputShape), (preprocessing?.mean.count ?? 1) == 1,
      (preprocessing?.deviation.count ?? 1) == 1
    {
      inputShape = .image(height: side, width: side, channels: 1)
      layers.insert(Flatten(), at: 0)
    }
    model = Model(
      name: name, inputShape: inputShape, classNames: classes, preprocessing: preprocessing ?? .fashionMNIST
    ) { layers }
    do throws(ModelError) {
      try model.validate()
    } catch {
      throw ONNXImportError.Problem(error.description)
    }
    self.tensors = tensors
    metadata = graph.metadata
    producer = graph.producer
    notes = graph.notes
    preprocessingOrigin = preprocessing == nil ? .assumed : .graph
  }

  /// Makes two outputs of one: 0 and the original.
  private static func addClass(to layers: inout [any Layer], _ tensors: inout [NamedTensor], of output: Shape) {
    if output.isImage { layers.append(Flatten()) }
    layers.append(Dense(2))
    let name = LayerChain(layers).names(within: "")[layers.count - 1]
    tensors += [
      NamedTensor(name: "\(name).weight", shape: [2, 1], values: [0, 1]),
      NamedTensor(name: "\(name).bias", shape: [2], values: [0, 0]),
    ]
  }

  /// The side of the square image that a vector may represent; nil for other sizes, and for vectors too short to show anything.
  private static func side(ofVector shape: Shape) -> Int? {
    guard !shape.isImage else { return nil }
    let side = Int(Double(shape.count).squareRoot().rounded())
    return side >= 8 && side * side == shape.count ? side : nil
  }

  /// The name of each output, from `class_names` in the metadata, a JSON array.
  private static func classNames(_ graph: ONNXNetworkGraph) throws(ONNXImportError.Problem) -> [String] {
    let count = max(2, graph.outputShape.count)
    if let text = graph.metadata["class_names"],
      let names = try? JSONValueDecoder.decode([String].self, from: JSONReader.value(of: Array(text.utf8)))
    {
      guard names.count == count else {
        throw ONNXImportError.Problem("class_names in the metadata has \(names.count) names for \(count) outputs")
      }
      return names
    }
    // A model never has more outputs than a dense layer may have.
    return (0..<min(count, 1 << 20)).map { "\($0)" }
  }

  /// The preprocessing from pixels, bytes of 0 to 255, to the input of the first layer; nil if the graph does not specify it.
  ///
  /// A floating-point graph whose factor is 1/10 or more takes pixels of 0 to 1.
  private static func preprocessing(_ graph: ONNXNetworkGraph) -> Normalization? {
    let preparation = graph.preparation
    if graph.takesBytes { return preparation.preprocessing(pixelFactor: 1) }
    guard !preparation.isIdentity else { return nil }
    let factor = preparation.deviations.reduce(0) { max($0, preparation.scale.magnitude / $1) }
    return preparation.preprocessing(pixelFactor: factor < 0.1 ? 1 : 1.0 / 255)
  }
}
