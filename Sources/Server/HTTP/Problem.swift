internal import HTTPTypes
internal import Hummingbird
internal import Support

/// Why a request has no answer: an HTTP status and a sentence for whoever sent it. The sentence never names a path of this machine.
struct Problem: Error, Sendable {
  /// The status.
  let status: HTTPResponse.Status
  /// What is wrong, and what to do.
  let message: String
  /// The methods that the address has, if the request had another one.
  var allowed: String?
  /// Whether the same request may succeed a moment later.
  var isTemporary = false

  init(_ status: HTTPResponse.Status, _ message: String) {
    self.status = status
    self.message = VisibleText.line(message)
  }

  /// The answer to the request.
  var response: Response {
    var response = Response.json(["error": .string(message)], status: status)
    if let allowed { response.headers[.allow] = allowed }
    if isTemporary { response.headers[.retryAfter] = "1" }
    if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
    return response
  }

  /// Too much waits already.
  static var busy: Problem {
    temporary("the server has more requests than it can answer; try again in a second")
  }

  /// The answer took too long.
  static var late: Problem {
    temporary(
      "the answer took longer than the server waits for one; try again, or send fewer images at once"
    )
  }

  private static func temporary(_ message: String) -> Problem {
    var problem = Problem(.serviceUnavailable, message)
    problem.isTemporary = true
    return problem
  }

  static func tooManyImages(_ count: Int, limit: Int) -> Problem {
    Problem(
      .contentTooLarge,
      "the request has \(count) images, the server takes at most \(limit) at once; send fewer")
  }

  static func notFinite(_ model: String) -> Problem {
    Problem(
      .internalServerError,
      "the answer of the model \"\(model)\" is not finite; its weights are broken")
  }
}
