internal import Support
internal import FoundationEssentials
public import JacquardEngine

/// An ONNX file as a model with its weights.
///
/// Graphs of the operators that the engine has are read, whoever wrote them: with channels first or last, with a flatten of either
/// order, with preprocessing before the first layer and a softmax behind the last one, with several nodes for what is one layer here.
/// Everything else is refused with the node and the reason.
///
/// Source: the ONNX specification, operator sets 6 to 28, and onnxruntime's fused operators.
public struct ONNXImport: Sendable {
  /// Where a model's preprocessing comes from.
  public enum PreprocessingOrigin: String, Sendable {
    /// The graph begins with it.
    case graph
    /// Neither graph nor metadata say anything; it is Fashion-MNIST's.
    case assumed
  }

  /// The layers, class names and preprocessing. Ten classes without names are Fashion-MNIST's.
  public let model: Model
  /// The weights, with the names and in the order of files.
  public let tensors: [NamedTensor]
  /// Strings beside the graph.
  public let metadata: [String: String]
  /// What the file says that it was made by; empty where it does not.
  public let producer: String
  /// Where the model's preprocessing comes from.
  public let preprocessingOrigin: PreprocessingOrigin

  /// Reads the file whose whole content is `file`; `path` is the name that errors give it, and `name` the model's.
  public init(file: [UInt8], path: String, name: String) throws(ONNXImportError) {
    do throws(ONNXImportError.Problem) {
      try self.init(try ONNXNetworkGraph(file), name: name)
    } catch {
      throw ONNXImportError(path: path, problem: error)
    }
  }

  private init(_ graph: ONNXNetworkGraph, name: String) throws(ONNXImportError.Problem) {
    guard !graph.layers.isEmpty else {
      throw ONNXImportError.Problem("the graph has no layer: its output is its input, in another form")
    }
    let classes = try Self.classNames(graph)
    let preprocessing = Self.preprocessing(graph)
    model = Model(
      name: name, inputShape: graph.inputShape, classNames: classes, preprocessing: preprocessing ?? .fashionMNIST
    ) { graph.layers }
    do throws(ModelError) {
      try model.validate()
    } catch {
      throw ONNXImportError.Problem(error.description)
    }
    tensors = graph.tensors
    metadata = graph.metadata
    producer = graph.producer
    preprocessingOrigin = preprocessing == nil ? .assumed : .graph
  }

  /// One name for each output, from `class_names` in the metadata, a JSON array.
  private static func classNames(_ graph: ONNXNetworkGraph) throws(ONNXImportError.Problem) -> [String] {
    let count = graph.outputShape.count
    if let text = graph.metadata["class_names"],
      let names = try? JSONValueDecoder.decode([String].self, from: JSONReader.value(of: Array(text.utf8)))
    {
      guard names.count == count else {
        throw ONNXImportError.Problem("class_names in the metadata has \(names.count) names for \(count) outputs")
      }
      return names
    }
    guard count != FashionMNIST.classNames.count else { return FashionMNIST.classNames }
    // A model never has more outputs than a dense layer may have.
    return (0..<min(count, 1 << 20)).map { "class \($0)" }
  }

  /// From pixels, bytes of 0 to 255, to what the first layer takes; nil where the graph does not say.
  ///
  /// A graph of floating point numbers whose factor is 1/10 or more takes pixels of 0 to 1.
  private static func preprocessing(_ graph: ONNXNetworkGraph) -> Normalization? {
    let preparation = graph.preparation
    if graph.takesBytes { return preparation.preprocessing(pixelFactor: 1) }
    guard !preparation.isIdentity else { return nil }
    let factor = preparation.deviations.reduce(0) { max($0, preparation.scale.magnitude / $1) }
    return preparation.preprocessing(pixelFactor: factor < 0.1 ? 1 : 1.0 / 255)
  }
}
