internal import Support

/// Why a model cannot be read or built.
public enum ModelError: Error, Sendable, CustomStringConvertible {
  /// A layer cannot take the shape that the layers before it produce.
  case shapeMismatch(layer: String, type: String, String)
  /// No model has this name.
  case unknownName(String, suggestion: String?)
  /// The JSON is not a model: the path, the reason, and the line if it was read from text.
  case malformed(path: String, reason: String, position: Position?)
  /// The model as a whole is invalid.
  case invalid(String)

  /// A position in a model's JSON, as an editor shows it.
  public struct Position: Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int
    /// The byte in the line, from 1.
    public let column: Int

    init(_ position: TextPosition) {
      line = position.line
      column = position.column
    }

    /// For example `line 3, column 14`.
    public var description: String { "line \(line), column \(column)" }
  }

  /// The position in the JSON; nil if the error has none.
  public var position: Position? {
    if case .malformed(_, _, let position) = self { position } else { nil }
  }

  /// What is wrong and what to do, without the position.
  public var description: String {
    switch self {
    case .shapeMismatch(let layer, let type, let reason):
      "layer \(layer) (\(type)) \(reason)"
    case .unknownName(let name, let suggestion):
      "there is no model \"\(name)\""
        + (suggestion.map { "; did you mean \"\($0)\"?" } ?? "; models: \(Model.names.joined(separator: ", "))")
    case .malformed(let path, let reason, _):
      path.isEmpty ? reason : "at \(path): \(reason)"
    case .invalid(let reason):
      reason
    }
  }
}
