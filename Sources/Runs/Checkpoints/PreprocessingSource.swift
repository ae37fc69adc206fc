internal import JacquardEngine
package import Support

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
    let divisor = Int(exactly: (1 / scale).rounded())
    let scaled =
      scale == 1
      ? "pixel"
      : divisor.flatMap { abs(1 / scale - Double($0)) < 1e-6 ? "pixel / \($0)" : nil } ?? "pixel × \(Float(scale))"
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
