internal import Support
public import JacquardEngine
internal import FoundationEssentials
internal import ONNXSchema
internal import SwiftProtobuf

/// A network as an ONNX model, for other programs to run.
///
/// Images are `[batch, channels, height, width]`, as all of ONNX has them, and the output is `logits`, `[batch, classes]`. Dropout is
/// left out; batch norms use their running statistics. Weights have the names of our other files.
///
/// Source: the ONNX specification, operator sets 13 and 17.
public struct ONNXExport: Sendable {
  /// The operator set, and with it the version of the file's form.
  public enum OperatorSet: Int, Sendable, CaseIterable {
    /// Operator set 13, form 7: read by everything since 2021.
    case version13 = 13
    /// Operator set 17, form 8.
    case version17 = 17

    /// The version of the file's form (`ir_version`).
    var formVersion: Int64 { self == .version13 ? 7 : 8 }
  }

  /// What the model's input is.
  public enum Input: String, Sendable, CaseIterable {
    /// Numbers after preprocessing, `float32`, named `input`.
    case normalized
    /// Pixels from 0 to 255 as they are, `uint8`, named `pixels`; the graph begins with the preprocessing.
    case pixels

    /// The name of the graph's input.
    var name: String { self == .normalized ? "input" : "pixels" }
  }

  /// The operator set to write.
  public var operatorSet: OperatorSet
  /// What the model's input is.
  public var input: Input
  /// Strings beside the graph; class names and the model's description are added to them.
  public var metadata: [String: String]

  /// How to write networks.
  public init(
    operatorSet: OperatorSet = .version13, input: Input = .normalized, metadata: [String: String] = [:]
  ) {
    self.operatorSet = operatorSet
    self.input = input
    self.metadata = metadata
  }

  /// The bytes of the file: the same for the same network, everywhere and always.
  ///
  /// - Parameter producerVersion: the version of the program that writes.
  /// - Throws: an `ONNXExportError` for a layer that has no form in ONNX here.
  public func serialized(_ network: Network, producerVersion: String) throws(ONNXExportError) -> [UInt8] {
    let model = network.model
    var graph = ONNXGraphBuilder(network)
    let start = graph.beginning(input, preprocessing: model.preprocessing)
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

  /// What is wrong, and where.
  public var description: String { "\(layer) \(reason)" }
}
