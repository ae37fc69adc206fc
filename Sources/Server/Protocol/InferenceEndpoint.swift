internal import HTTPTypes
internal import Hummingbird
internal import JacquardEngine
internal import NIOCore
internal import Support

/// Answers requests of the Open Inference Protocol.
struct InferenceEndpoint: Sendable {
  private let services: ServerServices

  init(_ services: ServerServices) { self.services = services }

  /// The outputs for the images of a request.
  func answer(_ request: Request, _ model: ServedModel) async throws -> Response {
    let body = try await services.body(of: request)
    var headerLength: Int?
    if let text = request.headers[.inferenceHeaderLength] {
      guard let length = Int(text), length >= 0 else {
        throw Problem(
          .badRequest, "Inference-Header-Content-Length must be a whole number, not \"\(text)\"")
      }
      headerLength = length
    }
    let parsed = try InferenceRequest(
      Array(body.readableBytesView), headerLength: headerLength, for: model)
    let logits = try await services.queue.logits(of: parsed.content, by: model)
    return Self.response(parsed, logits, model)
  }

  private static func response(_ request: InferenceRequest, _ logits: [Float], _ model: ServedModel)
    -> Response
  {
    let classes = model.classNames.count
    var json = "{\"model_name\":\"\(model.name)\",\"model_version\":\"\(model.version)\""
    if let id = request.id { json += ",\"id\":" + JSONValue.string(id).text }
    json += ",\"outputs\":["
    var binary = ByteBuffer()
    for (place, wanted) in request.wanted.enumerated() {
      let values =
        wanted.output == .logits ? logits : ClassProbabilities.of(logits, classes: classes)
      json += place > 0 ? "," : ""
      json +=
        "{\"name\":\"\(wanted.output.rawValue)\",\"datatype\":\"FP32\",\"shape\":[\(request.count),\(classes)]"
      if wanted.isBinary {
        json += ",\"parameters\":{\"binary_data_size\":\(4 * values.count)}}"
        binary.reserveCapacity(binary.readableBytes + 4 * values.count)
        for value in values { binary.writeInteger(value.bitPattern, endianness: .little) }
      } else {
        json += ",\"data\":["
        for (index, value) in values.enumerated() {
          if index > 0 { json += "," }
          json += value.description
        }
        json += "]}"
      }
    }
    json += "]}"
    var content = ByteBuffer(string: json)
    guard binary.readableBytes > 0 else { return .content(content, type: "application/json") }
    let length = content.readableBytes
    content.writeBuffer(&binary)
    var response = Response.content(content, type: "application/octet-stream")
    response.headers[.inferenceHeaderLength] = String(length)
    return response
  }
}

/// Probabilities of classes.
enum ClassProbabilities {
  /// The softmax of logits, `[N][classes]`.
  static func of(_ logits: [Float], classes: Int) -> [Float] {
    var probabilities = [Float](repeating: 0, count: logits.count)
    var target = probabilities.mutableSpan
    for first in stride(from: 0, to: logits.count, by: classes) {
      var row = target.part(first..<first + classes)
      SoftmaxCrossEntropy.softmax(logits.span.extracting(first..<first + classes), into: &row)
    }
    return probabilities
  }
}
