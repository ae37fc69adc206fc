/// Why a model cannot be read or built.
public enum ModelError: Error, Sendable, CustomStringConvertible {
  /// A layer cannot take the shape that the layers before it produce.
  case shapeMismatch(layer: String, type: String, String)
  /// There is no model of this name.
  case unknownName(String, suggestion: String?)
  /// The JSON is not a model: where, and why.
  case malformed(path: String, reason: String)
  /// The model as a whole does not make sense.
  case invalid(String)

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .shapeMismatch(let layer, let type, let reason):
      "layer \(layer) (\(type)) \(reason)"
    case .unknownName(let name, let suggestion):
      "there is no model \"\(name)\""
        + (suggestion.map { "; did you mean \"\($0)\"?" } ?? "; models: \(Model.names.joined(separator: ", "))")
    case .malformed(let path, let reason):
      path.isEmpty ? reason : "at \(path): \(reason)"
    case .invalid(let reason):
      reason
    }
  }
}
