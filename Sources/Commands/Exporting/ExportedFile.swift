internal import Files
internal import Interchange
internal import JacquardEngine
internal import NumPy
internal import Runs
internal import Support
internal import Terminal

/// A checkpoint that has been written in another format.
struct ExportedFile {
  private let format: ExportFormat
  private let path: String
  private let model: String
  private let tensorCount: Int
  private let byteCount: Int
  private let digest: String
  private let temperature: Double

  /// Writes the weights of `checkpoint`, or the whole model.
  ///
  /// - Parameter onnx: How to write an ONNX model.
  /// - Throws: a `Failure` or a `FileError`; an existing file then stays untouched.
  init(of checkpoint: Checkpoint, as format: ExportFormat, to path: String, onnx: ONNXExport) throws {
    let network = try checkpoint.network()
    let bytes =
      switch format {
      case .onnx: try Self.model(of: checkpoint, network, onnx)
      case .safetensors:
        try Checkpoint.file(of: network, network.snapshot(), provenance: checkpoint.provenance ?? .null).serialized()
      case .npz:
        NumPyArchive(
          network.tensors.map {
            let shape = $0.specification.order.fileShape
            return NumPyArchive.Member(
              name: $0.name, array: NumPyArray(shape: shape, floats: network.exportTensor($0)))
          }
        ).serialized()
      }
    try AtomicFile.write(bytes, to: path)
    self.format = format
    self.path = path
    model = network.model.name
    temperature = network.temperature
    tensorCount = network.tensors.count
    byteCount = bytes.count
    digest = SHA256.hexadecimal(of: bytes)
  }

  /// The ONNX model of a network, with its checkpoint's metadata.
  private static func model(of checkpoint: Checkpoint, _ network: Network, _ export: ONNXExport) throws -> [UInt8] {
    var export = export
    export.metadata = try Checkpoint.metadata(of: network.model, provenance: checkpoint.provenance ?? .null)
    return try export.serialized(network, producerVersion: Version.current)
  }

  /// How probabilities computed from the file differ from those of the checkpoint; nil if they do not.
  var doubt: String? {
    guard temperature != 1, format != .safetensors else { return nil }
    return "\(path): the temperature \(temperature) of the checkpoint is not part of the computation; "
      + "divide the logits by it before the softmax"
  }

  /// What was written, for programs.
  var json: JSONValue {
    [
      "schema": 1, "format": .string(format.rawValue), "output": .string(path), "model": .string(model),
      "tensors": .integer(tensorCount), "bytes": .integer(byteCount), "sha256": .string(digest),
    ]
  }

  /// What was written, for people.
  var lines: [String] {
    TextTable.pairs([
      ("file", path), ("format", format.rawValue), ("model", model), ("tensors", String(tensorCount)),
      ("size", NumberText.bytes(byteCount)), ("sha256", digest),
    ])
  }
}
