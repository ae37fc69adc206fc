import Foundation
import Interchange
import JacquardEngine
import ONNXSchema
import SwiftProtobuf

/// An ONNX file built by a test: by default a batch of images `[N, 2, 4, 4]` named `x` and an output named `y`.
struct GraphFile {
  var model = ONNXModel()

  init(input: [Int] = [2, 4, 4], element: Int32 = 1, operatorSet: Int64 = 17) {
    model.irVersion = 8
    var version = ONNXOperatorSet()
    version.version = operatorSet
    model.opsetImport = [version]
    model.graph.input = [Self.information("x", element, input)]
    model.graph.output = [Self.information("y", 1, [])]
  }

  static func information(_ name: String, _ element: Int32, _ sizes: [Int]) -> ONNXValueInfo {
    var information = ONNXValueInfo()
    information.name = name
    information.type.tensorType.elemType = element
    var batch = ONNXDimension()
    batch.dimParam = "batch"
    information.type.tensorType.shape.dim =
      [batch]
      + sizes.map {
        var dimension = ONNXDimension()
        dimension.dimValue = Int64($0)
        return dimension
      }
    return information
  }

  /// Appends a node; the type may begin with a domain and a colon.
  mutating func node(_ type: String, _ inputs: [String], _ output: String, _ attributes: [String: Value] = [:]) {
    var node = ONNXNode()
    let parts = type.split(separator: ":")
    node.opType = String(parts[parts.count - 1])
    if parts.count == 2 { node.domain = String(parts[0]) }
    node.name = "the \(node.opType)"
    node.input = inputs
    node.output = [output]
    node.attribute = attributes.sorted { $0.key < $1.key }.map { $1.attribute($0) }
    model.graph.node.append(node)
  }

  /// Adds floating point numbers; without values they are 0.5, 1, 1.5, …
  mutating func numbers(_ name: String, _ shape: [Int], _ values: [Float]? = nil) {
    var tensor = ONNXTensor()
    tensor.name = name
    tensor.dims = shape.map(Int64.init)
    tensor.dataType = 1
    tensor.floatData = values ?? (0..<shape.reduce(1, *)).map { 0.5 + 0.5 * Float($0) }
    model.graph.initializer.append(tensor)
  }

  /// Adds whole numbers.
  mutating func integers(_ name: String, _ values: [Int]) {
    var tensor = ONNXTensor()
    tensor.name = name
    tensor.dims = [Int64(values.count)]
    tensor.dataType = 7
    tensor.int64Data = values.map(Int64.init)
    model.graph.initializer.append(tensor)
  }

  /// The value of an attribute.
  enum Value {
    case integer(Int)
    case integers([Int])
    case number(Float)
    case numbers([Float])
    case text(String)

    func attribute(_ name: String) -> ONNXAttribute {
      var attribute = ONNXAttribute()
      attribute.name = name
      switch self {
      case .integer(let value): (attribute.type, attribute.i) = (.int, Int64(value))
      case .integers(let values): (attribute.type, attribute.ints) = (.ints, values.map(Int64.init))
      case .number(let value): (attribute.type, attribute.f) = (.float, value)
      case .numbers(let values): (attribute.type, attribute.floats) = (.floats, values)
      case .text(let text): (attribute.type, attribute.s) = (.string, Data(text.utf8))
      }
      return attribute
    }
  }

  /// The file.
  func bytes() throws -> [UInt8] { try model.serializedBytes() }

  /// The reader's result.
  func imported() throws -> ONNXImport { try ONNXImport(file: try bytes(), path: "graph.onnx", name: "graph") }

  /// The reader's reason for rejecting it; empty if it does not.
  func refusal() throws -> String {
    do {
      _ = try imported()
      return ""
    } catch let error as ONNXImportError {
      return error.description
    }
  }

  /// A readable graph: a 3×3 convolution, ReLU, a global pool.
  static func sound() -> GraphFile {
    var file = GraphFile()
    file.numbers("w", [3, 2, 3, 3])
    file.node("Conv", ["x", "w"], "a")
    file.node("Relu", ["a"], "b")
    file.node("GlobalAveragePool", ["b"], "c")
    file.node("Flatten", ["c"], "y")
    return file
  }
}
