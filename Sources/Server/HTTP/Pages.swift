internal import Hummingbird
internal import NIOCore

/// The page and the description of the server, which are part of the program.
struct Pages: Sendable {
  private let files: [String: (content: ByteBuffer, type: String)] = [
    "index.html": (ByteBuffer(bytes: PackageResources.index_html), "text/html; charset=utf-8"),
    "style.css": (ByteBuffer(bytes: PackageResources.style_css), "text/css; charset=utf-8"),
    "app.js": (ByteBuffer(bytes: PackageResources.app_js), "text/javascript; charset=utf-8"),
    "icon.svg": (ByteBuffer(bytes: PackageResources.icon_svg), "image/svg+xml"),
  ]

  /// A file of the page.
  func page(_ name: String) -> Response {
    let (content, type) = files[name] ?? (ByteBuffer(), "text/plain")
    return .content(content, type: type)
  }

  /// The description in the form of OpenAPI.
  var description: Response {
    .content(ByteBuffer(bytes: PackageResources.openapi_json), type: "application/json")
  }
}
