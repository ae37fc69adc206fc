internal import JacquardEngine
package import Support
package import Terminal

/// Where the way in which pixels become a checkpoint's inputs comes from.
package enum PreprocessingSource: String {
  /// The command line's flags.
  case flags
  /// The checkpoint's file.
  case file
  /// The graph of an ONNX file begins with it.
  case graph
  /// The model that was named.
  case model
  /// Nothing says it: it is Fashion-MNIST's.
  case assumed = "default"

  /// For people.
  package var text: MessageText {
    switch self {
    case .flags: "from the flags"
    case .file: "from the file"
    case .graph: "from the graph"
    case .model: "from \(.model)"
    case .assumed: "assumed: nothing says it"
    }
  }
}

extension Normalization {
  /// What happens to a pixel, in words.
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
  /// Says on standard error that the preprocessing is a guess, where it is one.
  package func warnOfAssumedPreprocessing(on console: Console) {
    guard preprocessingOrigin == .assumed else { return }
    console.warn(
      "\(path): nothing says how pixels become the model's inputs; Fashion-MNIST's mean 0.28604 and deviation 0.35302 are assumed; "
        + "say it with \(.mean), \(.deviation) and \(.scale), such as \(.mean) half or \(.mean) imagenet")
  }
}
