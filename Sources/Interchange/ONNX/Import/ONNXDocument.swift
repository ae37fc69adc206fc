internal import Support
internal import ONNXSchema
internal import SwiftProtobuf

/// A checked ONNX file: one input, one output, and the nodes between them in an order in which they can be read.
struct ONNXDocument {
  /// Strings stored beside the graph.
  let metadata: [String: String]
  /// The producer, according to the file.
  let producer: String
  let operatorSet: Int
  let input: ONNXInput
  /// The name of the graph's output.
  let output: String
  /// The nodes that the output depends on, in the order of the file.
  let calls: [ONNXCall]
  /// The number of nodes that take each value.
  let uses: [String: Int]
  /// The constants that the nodes take, by name.
  let tensors: [String: ONNXTensor]

  init(_ file: [UInt8]) throws(ONNXImportError.Problem) {
    try ONNXWireScan.check(file)
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    let model: ONNXModel
    do {
      model = try ONNXModel(serializedBytes: file, options: options)
    } catch {
      throw ONNXImportError.Problem(
        "this is not an ONNX file\(ContentGuess.describe(file).map { " but \($0)" } ?? ""), or it is truncated")
    }
    guard model.hasGraph else { throw ONNXImportError.Problem("the file has no graph, so it is not an ONNX model") }
    var metadata: [String: String] = [:]
    for entry in model.metadataProps { metadata[entry.key] = entry.value }
    self.metadata = metadata
    producer = [model.producerName, model.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
    operatorSet = try Self.operatorSet(model)
    let graph = model.graph
    var tensors: [String: ONNXTensor] = [:]
    for tensor in graph.initializer {
      guard tensors.updateValue(tensor, forKey: tensor.name) == nil else {
        throw ONNXImportError.Problem("the tensor \(ForeignText.quoted(tensor.name)) occurs twice")
      }
    }
    self.tensors = tensors
    // Before format version 4, every tensor also had to be listed as an input.
    let inputs = graph.input.filter { tensors[$0.name] == nil }
    guard inputs.count == 1, let first = inputs.first else {
      throw ONNXImportError.Problem(
        "the graph has \(inputs.count) inputs (\(Self.list(inputs.map(\.name)))); expected one, for the images")
    }
    guard graph.output.count == 1, let output = graph.output.first?.name else {
      throw ONNXImportError.Problem(
        "the graph has \(graph.output.count) outputs (\(Self.list(graph.output.map(\.name)))); expected one, for the classes"
      )
    }
    self.output = output
    input = try ONNXInput(first)
    calls = try Self.needed(graph.node, for: output, from: first.name, tensors)
    uses = calls.reduce(into: [output: 1]) { uses, call in
      for name in call.inputs where !name.isEmpty { uses[name, default: 0] += 1 }
    }
  }

  /// The version of the standard operators.
  private static func operatorSet(_ model: ONNXModel) throws(ONNXImportError.Problem) -> Int {
    let versions = model.opsetImport.filter { $0.domain.isEmpty || $0.domain == "ai.onnx" }.map(\.version)
    guard versions.count == 1, let version = Int(exactly: versions[0]) else {
      throw ONNXImportError.Problem("the file names \(versions.count) versions of the standard's operators, not one")
    }
    guard ONNXGraphReader.operatorSets ~= version else {
      let range = ONNXGraphReader.operatorSets
      throw ONNXImportError.Problem(
        "the file uses operator set \(version); \(range.lowerBound) to \(range.upperBound) are read")
    }
    return version
  }

  /// The nodes that the output depends on. Every value must be defined once, before its first use.
  private static func needed(
    _ nodes: [ONNXNode], for output: String, from input: String, _ tensors: [String: ONNXTensor]
  ) throws(ONNXImportError.Problem) -> [ONNXCall] {
    var givers: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for name in node.output where !name.isEmpty {
        guard name != input, tensors[name] == nil, givers.updateValue(index, forKey: name) == nil else {
          throw try ONNXCall(node).refusal("gives \(ForeignText.quoted(name)), which already exists")
        }
      }
    }
    guard output == input || tensors[output] != nil || givers[output] != nil else {
      throw ONNXImportError.Problem("no node gives the graph's output \(ForeignText.quoted(output))")
    }
    var needed: Set<Int> = []
    var names = [output]
    while let name = names.popLast() {
      guard let index = givers[name], needed.insert(index).inserted else { continue }
      names += nodes[index].input
    }
    guard needed.count <= ONNXGraphReader.largestNodeCount else {
      throw ONNXImportError.Problem(
        "the graph has \(needed.count) nodes; the limit is \(ONNXGraphReader.largestNodeCount)")
    }
    var calls: [ONNXCall] = []
    for index in needed.sorted() {
      let call = try ONNXCall(nodes[index])
      for name in call.inputs where !name.isEmpty && name != input && tensors[name] == nil {
        guard let giver = givers[name] else {
          throw call.refusal("takes \(ForeignText.quoted(name)), which is not in the file")
        }
        guard giver < index else {
          throw call.refusal("takes \(ForeignText.quoted(name)), which a later node gives, or itself")
        }
      }
      calls.append(call)
    }
    return calls
  }

  /// Some of the names, for a message.
  private static func list(_ names: [String]) -> String {
    names.isEmpty
      ? "none" : names.prefix(4).map(ForeignText.quoted).joined(separator: ", ") + (names.count > 4 ? ", …" : "")
  }
}
