/// What a request asks for, by its path.
enum Route: Equatable, Sendable {
  case live
  case ready
  case server
  case model(name: String, version: String?)
  case modelReady(name: String, version: String?)
  case infer(name: String, version: String?)
  case predict
  case models
  case metrics
  case description
  case page(String)
  case unknown

  /// Reads a path. Names of models need no escapes, so a path with escapes leads nowhere.
  init(path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(
      String.init)
    switch parts {
    case [""]: self = .page("index.html")
    case ["style.css"], ["app.js"], ["icon.svg"]: self = .page(parts[0])
    case ["openapi.json"]: self = .description
    case ["metrics"]: self = .metrics
    case ["v1", "predict"]: self = .predict
    case ["v1", "models"]: self = .models
    case ["v2"]: self = .server
    case ["v2", "health", "live"]: self = .live
    case ["v2", "health", "ready"]: self = .ready
    default: self = Self.ofModel(parts)
    }
  }

  private static func ofModel(_ parts: [String]) -> Route {
    guard parts.count > 2, parts[0] == "v2", parts[1] == "models" else { return .unknown }
    let name = parts[2]
    var rest = parts.dropFirst(3)
    var version: String?
    if rest.first == "versions" {
      guard rest.count > 1 else { return .unknown }
      version = rest[rest.startIndex + 1]
      rest = rest.dropFirst(2)
    }
    switch Array(rest) {
    case []: return .model(name: name, version: version)
    case ["ready"]: return .modelReady(name: name, version: version)
    case ["infer"]: return .infer(name: name, version: version)
    default: return .unknown
    }
  }

  /// Its name in metrics: one of a few, whatever clients ask for.
  var label: String {
    switch self {
    case .live: "live"
    case .ready: "ready"
    case .server: "server"
    case .model: "model"
    case .modelReady: "model_ready"
    case .infer: "infer"
    case .predict: "predict"
    case .models: "models"
    case .metrics: "metrics"
    case .description: "openapi"
    case .page: "page"
    case .unknown: "unknown"
    }
  }

  /// Whether requests send something.
  var isPost: Bool {
    switch self {
    case .infer, .predict: true
    default: false
    }
  }

  /// Whether it shows nothing that a token protects.
  var isOpen: Bool {
    switch self {
    case .live, .ready, .page, .description: true
    default: false
    }
  }
}
