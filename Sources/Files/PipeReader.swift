/// The reading end of a pipe, and what has arrived from it.
package struct PipeReader {
  /// The number of the open file.
  let descriptor: Int32
  /// Whether all writers are gone.
  package private(set) var isAtEnd = false
  private var bytes: [UInt8] = []

  /// Reads from an open file; 0 is standard input.
  package init(descriptor: Int32) { self.descriptor = descriptor }

  /// Takes what is there, and waits if nothing is.
  package mutating func read() {
    if isAtEnd { return }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var room = buffer.mutableSpan
    let count = (try? SystemCalls.read(descriptor, into: &room)) ?? 0
    bytes += buffer[..<count]
    isAtEnd = count == 0
  }

  /// Takes the next whole line, without its end.
  package mutating func takeLine() -> String? {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let line = String(decoding: bytes[..<end], as: UTF8.self)
    bytes.removeSubrange(...end)
    return line
  }

  /// All that has not been taken.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Gives the pipe up.
  func close() { try? SystemCalls.close(descriptor) }
}
