internal import Files
internal import HTTPTypes
internal import Hummingbird
internal import JacquardEngine
internal import NIOCore
internal import Runs
internal import Support
internal import Synchronization

/// Answers requests.
struct RequestHandler: HTTPResponder {
  /// What the connection adds to a request.
  struct Context: InitializableFromSource, Sendable {
    /// The client's address.
    let client: String?

    init(source: ApplicationRequestContextSource) {
      client = source.channel.remoteAddress?.ipAddress
    }
  }

  private let services: ServerServices
  private let access: RequestGuard
  private let inference: InferenceEndpoint
  private let prediction: PredictEndpoint
  private let pages = Pages()

  init(_ services: ServerServices) {
    self.services = services
    access = RequestGuard(services.settings)
    inference = InferenceEndpoint(services)
    prediction = PredictEndpoint(services)
  }

  func respond(to request: Request, context: Context) async throws -> Response {
    let start = SystemClock.seconds
    let path = String((request.head.path ?? "/").prefix { $0 != "?" && $0 != "#" })
    let route = Route(path: path)
    var response: Response
    do {
      response = try await answer(request, route)
    } catch let problem as Problem {
      response = problem.response
    }
    Self.secure(&response, route)
    let bytes = response.body.contentLength ?? 0
    if request.method == .head { response = response.createHeadResponse() }
    let seconds = SystemClock.seconds - start
    services.metrics.addRequest(route, status: response.status.code, seconds: seconds)
    services.log.request(
      method: request.method.rawValue, path: path, status: response.status.code, seconds: seconds,
      bytes: bytes,
      client: context.client)
    return response
  }

  private func answer(_ request: Request, _ route: Route) async throws -> Response {
    guard route != .unknown else {
      throw Problem(.notFound, "there is no such address; /openapi.json lists those that exist")
    }
    try access.check(request.head, route)
    let isRightMethod =
      route.isPost ? request.method == .post : [.get, .head].contains(request.method)
    guard isRightMethod else {
      var problem = Problem(
        .methodNotAllowed, "this address has no method \(request.method.rawValue)")
      problem.allowed = route.isPost ? "POST" : "GET, HEAD"
      throw problem
    }
    switch route {
    case .live: return .json(["live": true])
    case .ready: return try ready(nil)
    case .server: return .json(ModelDescription.server)
    case .models: return .json(["models": .array(services.models.all.map(\.loaded.json))])
    case .model(let name, let version):
      return .json(ModelDescription.json(try services.model(name, version)))
    case .modelReady(let name, let version): return try ready(try services.model(name, version))
    case .infer(let name, let version):
      return try await inference.answer(request, try services.model(name, version))
    case .predict: return try await prediction.answer(request)
    case .metrics:
      let text = services.metrics.text(
        models: services.models.all, waiting: services.queue.waitingCount)
      return .content(ByteBuffer(string: text), type: "text/plain; version=0.0.4; charset=utf-8")
    case .description: return pages.description
    case .page(let name): return pages.page(name)
    case .unknown: throw Problem(.notFound, "there is no such address")
    }
  }

  private func ready(_ model: ServedModel?) throws(Problem) -> Response {
    guard !services.isDraining else { throw Problem(.serviceUnavailable, "the server is stopping") }
    guard let model else { return .json(["ready": true]) }
    return .json(["name": .string(model.name), "ready": true])
  }

  /// Headers that keep a browser from doing more with an answer than showing it.
  private static func secure(_ response: inout Response, _ route: Route) {
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[.cacheControl] = "no-store"
    guard case .page = route else { return }
    response.headers[.contentSecurityPolicy] =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    response.headers[.referrerPolicy] = "no-referrer"
  }
}

extension HTTPField.Name {
  static var referrerPolicy: HTTPField.Name { named("Referrer-Policy") }
  static var inferenceHeaderLength: HTTPField.Name { named("Inference-Header-Content-Length") }

  /// A name that is known to be one.
  private static func named(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .server }
}
