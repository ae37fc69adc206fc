internal import Support
internal import FoundationEssentials
internal import JacquardEngine
internal import ONNXSchema

/// Collects the nodes and tensors of an ONNX graph.
struct ONNXGraphBuilder {
  /// An activation that flows between nodes: its name in the graph, and its shape in our model.
  struct Value {
    let name: String
    let shape: Shape
    /// The range to which it was rounded; nil if it was not.
    var range: QuantizedRange? = nil
  }

  /// The codes of element types in the format.
  enum ElementType: Int32 {
    case float = 1
    case uint8 = 2
    case int8 = 3
    case int32 = 6
    case int64 = 7
  }

  let network: Network
  /// What is rounded; nil for a network in floating point.
  let quantization: ONNXQuantization?
  private let tensors: [String: NetworkTensor]
  private var graph = ONNXGraph()

  /// An empty graph for a network's model.
  init(_ network: Network) {
    self.network = network
    quantization = ONNXQuantization(network)
    tensors = Dictionary(uniqueKeysWithValues: network.tensors.map { ($0.name, $0) })
    graph.name = network.model.name
  }

  /// Appends a node with one output, which has the name of the node, and returns the name.
  mutating func node(
    _ type: String, _ name: String, _ inputs: [String], _ attributes: [ONNXAttribute] = []
  ) -> String {
    var node = ONNXNode()
    node.opType = type
    node.name = name
    node.input = inputs
    node.output = [name]
    node.attribute = attributes
    graph.node.append(node)
    return name
  }

  /// The network's tensor of this name.
  func tensor(_ name: String) -> NetworkTensor? { tensors[name] }

  /// Adds the network's tensor of this name, in the shape of weights files unless another is given, and returns the name.
  mutating func weight(_ name: String, shape: [Int]? = nil) -> String? {
    guard let tensor = tensors[name] else { return nil }
    return constant(name, shape: shape ?? tensor.specification.order.fileShape, network.exportTensor(tensor))
  }

  /// Adds a constant to the graph, and returns its name.
  mutating func constant(_ name: String, shape: [Int] = [], _ values: [Float]) -> String {
    var tensor = ONNXTensor()
    tensor.name = name
    tensor.dims = shape.map(Int64.init)
    tensor.dataType = ElementType.float.rawValue
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * values.count)
    bytes.append(littleEndian: values)
    tensor.rawData = Data(bytes)
    graph.initializer.append(tensor)
    return name
  }

  /// Adds a list of whole numbers as a constant, and returns its name.
  mutating func integers(_ name: String, _ values: [Int]) -> String {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: values.map { Int64($0) })
    return constant(name, .int64, shape: [values.count], bytes)
  }

  /// Adds a constant of any type, whose elements are in `bytes`, and returns its name.
  mutating func constant(_ name: String, _ type: ElementType, shape: [Int], _ bytes: [UInt8]) -> String {
    var tensor = ONNXTensor()
    tensor.name = name
    tensor.dims = shape.map(Int64.init)
    tensor.dataType = type.rawValue
    tensor.rawData = Data(bytes)
    graph.initializer.append(tensor)
    return name
  }

  /// The value that the first layer takes: the graph's input, or its preprocessed form.
  mutating func beginning(_ input: ONNXExport.Input, preprocessing: Normalization) -> Value {
    let shape = network.model.inputShape
    guard input == .pixels else { return Value(name: input.name, shape: shape) }
    let channels = shape.channels
    let perChannel = shape.isImage ? [1, channels, 1, 1] : [1, channels]
    let numbers = node(
      "Cast", "preprocessing.cast", [input.name], [.integer("to", Int(ElementType.float.rawValue))])
    let scaled = node(
      "Mul", "preprocessing.scale",
      [numbers, constant("preprocessing.factor", [Float(preprocessing.scale)])])
    let centered = node(
      "Sub", "preprocessing.center",
      [scaled, constant("preprocessing.mean", shape: perChannel, preprocessing.means(channels: channels))])
    let deviation = constant(
      "preprocessing.deviation", shape: perChannel, preprocessing.deviations(channels: channels))
    return Value(name: node("Div", "preprocessing", [centered, deviation]), shape: shape)
  }

  /// The graph, with `end` as its output under the name `logits`.
  mutating func finish(_ end: Value, input: ONNXExport.Input) -> ONNXGraph {
    // A separate node, so that every value keeps the name of its layer.
    _ = node("Identity", Self.outputName, [end.name])
    let type: ElementType = input == .pixels ? .uint8 : .float
    graph.input = [Self.information(input.name, type, network.model.inputShape)]
    graph.output = [Self.information(Self.outputName, .float, end.shape)]
    return graph
  }

  private static let outputName = "logits"

  /// The type of the graph's input or output; the size of the batch is open.
  private static func information(_ name: String, _ type: ElementType, _ shape: Shape) -> ONNXValueInfo {
    let sizes = shape.isImage ? [shape.channels, shape.height, shape.width] : [shape.channels]
    var information = ONNXValueInfo()
    information.name = name
    information.type.tensorType.elemType = type.rawValue
    var batch = ONNXDimension()
    batch.dimParam = "batch"
    information.type.tensorType.shape.dim =
      [batch]
      + sizes.map { size in
        var dimension = ONNXDimension()
        dimension.dimValue = Int64(size)
        return dimension
      }
    return information
  }
}
