internal import Commands
internal import HTTPTypes
internal import Hummingbird

/// Decides who may ask.
struct RequestGuard: Sendable {
  private let token: [UInt8]?
  private let hosts: Set<String>

  init(_ settings: ServeSettings) {
    token = settings.token.map { Array($0.utf8) }
    hosts = [
      "localhost", "127.0.0.1", "[::1]", settings.host.lowercased(),
      "[\(settings.host.lowercased())]",
    ]
  }

  /// Throws if a request must not be answered.
  func check(_ head: HTTPRequest, _ route: Route) throws(Problem) {
    if let token {
      guard !route.isOpen else { return }
      guard Self.isSame(head.headerFields[.authorization] ?? "", token) else {
        throw Problem(
          .unauthorized,
          "the request needs the server's token: send the header 'Authorization: Bearer TOKEN'")
      }
    } else if let authority = head.authority {
      // A page of another site can make a browser resolve that site's own name to this computer. The name stays in the request.
      guard hosts.contains(Self.host(of: authority)) else {
        throw Problem(
          .misdirectedRequest,
          "the server answers only to this computer's own names; use http://127.0.0.1 and the port")
      }
    }
  }

  /// The name before the port.
  private static func host(of authority: String) -> String {
    let text = authority.lowercased()
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") { return String(text[...end]) }
    return String(text.prefix { $0 != ":" })
  }

  /// Compares the header with the token in a time that does not depend on the place of a difference.
  private static func isSame(_ header: String, _ token: [UInt8]) -> Bool {
    let scheme = "bearer "
    guard header.count > scheme.count, header.prefix(scheme.count).lowercased() == scheme else {
      return false
    }
    let given = Array(header.utf8.dropFirst(scheme.utf8.count))
    var difference = given.count ^ token.count
    for place in given.indices { difference |= Int(given[place] ^ token[place % token.count]) }
    return difference == 0
  }
}
