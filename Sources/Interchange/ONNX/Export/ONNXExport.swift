internal import Support
public import JacquardEngine
internal import FoundationEssentials
internal import ONNXSchema
internal import SwiftProtobuf

/// Writes a network as an ONNX model, for other programs to run.
///
/// Images are `[batch, channels, height, width]`, as usual in ONNX, and the output is `logits`, `[batch, classes]`. Dropout is left out; batch norms
/// use their running statistics. Weights have the same names as in our other files. `logits` are not divided by the network's temperature, which is
/// a string of the metadata.
///
/// A quantized network becomes a graph whose activations and weights pass `QuantizeLinear` and `DequantizeLinear`: programs that know this pattern
/// compute with bytes, others compute the same roundings in floating point.
///
/// Source: the ONNX specification, operator sets 13 and 17.
public struct ONNXExport: Sendable {
  /// The operator set, which determines the version of the file format.
  public enum OperatorSet: Int, Sendable, CaseIterable {
    /// Operator set 13, format version 7: supported by all readers since 2021.
    case version13 = 13
    /// Operator set 17, format version 8.
    case version17 = 17

    /// The version of the file format (`ir_version`).
    var formVersion: Int64 { self == .version13 ? 7 : 8 }
  }

  /// The kind of input.
  public enum Input: String, Sendable, CaseIterable {
    /// Preprocessed numbers, `float32`, named `input`.
    case normalized
    /// Unprocessed pixels from 0 to 255, `uint8`, named `pixels`; the graph begins with the preprocessing.
    case pixels

    /// The name of the graph's input.
    var name: String { self == .normalized ? "input" : "pixels" }
  }

  /// The operator set to write.
  public var operatorSet: OperatorSet
  /// The kind of input.
  public var input: Input
  /// Strings stored beside the graph; class names and the model's description are added.
  public var metadata: [String: String]

  /// Options for writing networks.
  public init(
    operatorSet: OperatorSet = .version13, input: Input = .normalized, metadata: [String: String] = [:]
  ) {
    self.operatorSet = operatorSet
    self.input = input
    self.metadata = metadata
  }

  /// The bytes of the file; the same network always gives the same bytes.
  ///
  /// - Parameter producerVersion: the version of the program that writes the file.
  /// - Throws: an `ONNXExportError` for a layer that cannot be exported to ONNX.
  public func serialized(_ network: Network, producerVersion: String) throws(ONNXExportError) -> [UInt8] {
    let model = network.model
    var graph = ONNXGraphBuilder(network)
    let start = graph.roundedInput(graph.beginning(input, preprocessing: model.preprocessing))
    let end = try graph.append(LayerChain(model.layers), prefix: "", to: start)
    var file = ONNXModel()
    file.irVersion = operatorSet.formVersion
    file.producerName = "jacquard"
    file.producerVersion = producerVersion
    file.graph = graph.finish(end, input: input)
    var version = ONNXOperatorSet()
    version.domain = ""
    version.version = Int64(operatorSet.rawValue)
    file.opsetImport = [version]
    var strings = metadata
    strings["class_names"] = JSONValue.array(model.classNames.map(JSONValue.string)).text
    strings["input"] = input.rawValue
    if network.temperature != 1 { strings[WeightsFile.MetadataKey.temperature] = "\(network.temperature)" }
    file.metadataProps = strings.sorted { $0.key < $1.key }.map { key, value in
      var entry = ONNXStringEntry()
      (entry.key, entry.value) = (key, value)
      return entry
    }
    do {
      return try file.serializedBytes()
    } catch {
      throw ONNXExportError(layer: model.name, reason: "cannot be encoded: \(error)")
    }
  }
}

/// Why a network cannot be written as an ONNX model.
public struct ONNXExportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The layer, or the model.
  public let layer: String
  /// What is wrong with it.
  public let reason: String

  /// The layer and the problem.
  public var description: String { "\(layer) \(reason)" }
}
