internal import Support

/// What is wrong with a part of a model's JSON, and where the part is.
struct LayerRefusal: Error {
  /// The path from the model to the part.
  let codingPath: [any CodingKey]
  /// What is wrong with it.
  let reason: String
  /// The type of the layer that has the setting; nil for others.
  let layerType: String?

  /// The error of a decoder, or of a layer of this type.
  init(_ error: any Error, layerType: String? = nil) {
    switch error {
    case let refusal as LayerRefusal:
      // An enclosing layer must not add its own type.
      self = refusal
    case DecodingError.keyNotFound(let key, let context):
      self.init(context, "\"\(key.stringValue)\" is missing", layerType)
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      self.init(context, context.debugDescription, layerType)
    default:
      self.init(.init(codingPath: [], debugDescription: ""), "\(error)", layerType)
    }
  }

  private init(_ context: DecodingError.Context, _ reason: String, _ layerType: String?) {
    codingPath = context.codingPath
    self.reason = reason
    self.layerType = layerType
  }

  /// The path to the part, in JSON notation.
  var steps: [JSONStep] { codingPath.map { key in key.intValue.map { .index($0) } ?? .name(key.stringValue) } }
}

extension ModelError {
  /// The message about a part of a model, for example about `layers[2].body[0].stride (conv2d)`.
  init(_ refusal: LayerRefusal, position: Position?) {
    let path = refusal.codingPath.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
      .trimmingPrefix(".")
    self = .malformed(
      path: refusal.layerType.map { "\(path) (\($0))" } ?? String(path), reason: refusal.reason, position: position)
  }
}
