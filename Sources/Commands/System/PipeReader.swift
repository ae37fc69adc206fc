internal import Glibc

/// The reading end of a pipe, and what has arrived from it.
struct PipeReader {
  /// The number of the open file.
  let descriptor: Int32
  /// Whether all writers are gone.
  private(set) var isAtEnd = false
  private var bytes: [UInt8] = []

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Takes what is there; waits for it where there is nothing.
  mutating func read() {
    if isAtEnd { return }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
    if count > 0 {
      bytes += buffer[..<count]
    } else if count == 0 || errno != EINTR {
      isAtEnd = true
    }
  }

  /// Takes the next whole line, without its end.
  mutating func takeLine() -> String? {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let line = String(decoding: bytes[..<end], as: UTF8.self)
    bytes.removeSubrange(...end)
    return line
  }

  /// All that has not been taken.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Gives the pipe up.
  func close() { _ = Glibc.close(descriptor) }
}
