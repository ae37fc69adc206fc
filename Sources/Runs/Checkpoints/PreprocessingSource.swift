internal import JacquardEngine
package import Support
package import Terminal

/// Where a checkpoint's preprocessing, which turns pixels into inputs, comes from.
package enum PreprocessingSource: String {
  /// Flags of the command line.
  case flags
  /// The checkpoint's file.
  case file
  /// The first nodes of an ONNX graph.
  case graph
  /// The model named by an option.
  case model
  /// No source; Fashion-MNIST's is assumed.
  case assumed = "default"

  /// For people.
  package var text: MessageText {
    switch self {
    case .flags: "from the flags"
    case .file: "from the file"
    case .graph: "from the graph"
    case .model: "from \(.model)"
    case .assumed: "assumed"
    }
  }
}

extension Normalization {
  /// The preprocessing of a pixel, in words.
  package var text: String {
    func list(_ values: [Double]) -> String { values.map { "\(Float($0))" }.joined(separator: " ") }
    let isOne = scale == 1
    let factor = (1 / scale).rounded()
    let scaled = isOne ? "pixel" : abs(1 / scale - factor) < 1e-6 ? "pixel / \(Int(factor))" : "pixel × \(Float(scale))"
    return "\(scaled), minus \(list(mean)), divided by \(list(deviation))"
  }

  /// For programs.
  package var json: JSONValue {
    [
      "scale": .number(scale), "mean": .array(mean.map(JSONValue.number)),
      "deviation": .array(deviation.map(JSONValue.number)),
    ]
  }
}

extension Checkpoint {
  /// Warns if the preprocessing is only an assumption.
  package func warnOfAssumedPreprocessing(on console: Console) {
    guard preprocessingOrigin == .assumed else { return }
    console.warn(
      "\(path): the file does not say how pixels become the model's inputs; assuming Fashion-MNIST's mean 0.28604 and deviation 0.35302; "
        + "to change them, use \(.mean), \(.deviation) and \(.scale), such as \(.mean) half or \(.mean) imagenet")
  }
}
