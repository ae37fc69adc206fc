internal import JacquardEngine
internal import Runs
internal import Samples
internal import Support

/// What the Open Inference Protocol calls metadata.
enum ModelDescription {
  /// The server.
  static var server: JSONValue {
    ["name": "jacquard", "version": .string(Version.current), "extensions": ["binary_tensor_data"]]
  }

  /// A model.
  static func json(_ model: ServedModel) -> JSONValue {
    let classes = JSONValue.integer(model.classNames.count)
    let shape = [JSONValue.integer(-1)] + model.shape.dimensions.map(JSONValue.integer)
    return [
      "name": .string(model.name), "versions": [.string(model.version)], "platform": "jacquard",
      "inputs": [["name": "pixels", "datatype": "UINT8", "shape": .array(shape)]],
      "outputs": .array(
        Output.allCases.map {
          ["name": .string($0.rawValue), "datatype": "FP32", "shape": [-1, classes]]
        }),
    ]
  }

  /// An output of every model.
  enum Output: String, CaseIterable, Sendable {
    /// One probability per class, 0…1.
    case probabilities
    /// The logits, divided by the temperature.
    case logits
  }
}
