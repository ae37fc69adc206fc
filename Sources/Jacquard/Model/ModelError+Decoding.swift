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
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      self = .malformed(path: Self.place(context, layerType), reason: Self.mismatch(type, context))
    case .dataCorrupted(let context):
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

  /// What was expected and what was found, in the words of JSON instead of the decoder's.
  private static func mismatch(_ type: any Any.Type, _ context: DecodingError.Context) -> String {
    let expected =
      switch type {
      case is Bool.Type: "true or false"
      case is String.Type: "a text"
      case is any Numeric.Type: "a number"
      case is [String: Any].Type: "an object"
      case is [Any].Type: "a list"
      default: "another value"
      }
    let names = ["a string": "a text", "an array": "a list", "a dictionary": "an object", "bool": "true or false"]
    guard let found = context.debugDescription.firstMatch(of: /found (.+) instead/)?.1 else {
      return "expected \(expected)"
    }
    return "expected \(expected), found \(names[String(found)] ?? String(found))"
  }
}
