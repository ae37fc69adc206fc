internal import LinearAlgebra
internal import Interchange
internal import JacquardEngine

/// ONNX models.
enum ONNXFiles {
  static func readONNX(_ bytes: [UInt8]) {
    guard let imported = try? ONNXImport(file: bytes, path: "fuzz.onnx", name: "fuzz") else { return }
    check(imported)
  }

  /// A graph whose numbers are in the file "data" beside it: the length of the graph in two bytes, the graph, and that file.
  static func readExternalData(_ bytes: [UInt8]) {
    guard bytes.count >= 2 else { return }
    let length = min(Int(bytes[0]) | Int(bytes[1]) << 8, bytes.count - 2)
    FuzzFile.with(Array(bytes[(2 + length)...]), named: "data") { folder in
      let graph = Array(bytes[2..<2 + length])
      guard let imported = try? ONNXImport(file: graph, path: folder + "/fuzz.onnx", name: "fuzz") else { return }
      check(imported)
    }
  }

  private static func check(_ imported: ONNXImport) {
    let model = imported.model
    guard let text = try? model.json(), (try? Model(json: text)) == model else {
      preconditionFailure("an imported model cannot be written as JSON and read again")
    }
    guard let summary = try? model.summary(), summary.parameterCount < 1 << 14,
      let network = try? Network(awaitingWeights: model, options: ComputeOptions(product: .naive))
    else { return }
    precondition(network.tensors.count == imported.tensors.count)
    for tensor in network.tensors {
      guard let found = imported.tensors.first(where: { $0.name == tensor.name }) else {
        preconditionFailure("\(tensor.name) has no values")
      }
      precondition(found.shape == tensor.specification.order.fileShape)
      network.importTensor(tensor, found.values)
    }
    // An exported model reads back as the same model.
    guard let written = try? ONNXExport().serialized(network, producerVersion: "0"),
      let again = try? ONNXImport(file: written, path: "again.onnx", name: "fuzz")
    else { preconditionFailure("an imported model cannot be written and read again") }
    precondition(again.model.computesTheSame(as: model))
    precondition(again.tensors.map(\.name).sorted() == imported.tensors.map(\.name).sorted())
  }
}
