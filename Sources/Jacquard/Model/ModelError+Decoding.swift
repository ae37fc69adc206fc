extension ModelError {
  /// What a decoder says, as this package says it; `layerType` names the layer whose JSON it is.
  init(_ error: DecodingError, layerType: String? = nil) {
    switch error {
    case .dataCorrupted(let context) where context.codingPath.isEmpty && layerType == nil:
      // The decoder tells neither where nor which of these it was.
      self = .malformed(
        path: "",
        reason: "the text cannot be read as JSON: a syntax error, a number out of range, or lists nested too deeply")
    case .keyNotFound(let key, let context):
      self = .malformed(path: Self.place(context, layerType), reason: "\"\(key.stringValue)\" is missing")
    case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context):
      self = .malformed(path: Self.place(context, layerType), reason: context.debugDescription)
    @unknown default:
      self = .malformed(path: "", reason: "\(error)")
    }
  }

  /// For example `layers[2].body[0].stride (conv2d)`.
  private static func place(_ context: DecodingError.Context, _ layerType: String?) -> String {
    let path =
      context.codingPath.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
      .trimmingPrefix(".").description
    return layerType.map { "\(path) (\($0))" } ?? path
  }
}
