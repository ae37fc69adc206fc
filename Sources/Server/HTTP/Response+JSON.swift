internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Support

extension Response {
  /// An object as an answer.
  static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
    content(ByteBuffer(string: value.text), type: "application/json", status: status)
  }

  /// An answer of a kind.
  static func content(_ bytes: ByteBuffer, type: String, status: HTTPResponse.Status = .ok)
    -> Response
  {
    Response(status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: bytes))
  }
}
