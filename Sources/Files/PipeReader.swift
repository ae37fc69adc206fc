/// The reading end of a pipe, with the bytes that have arrived.
package struct PipeReader {
  /// The number of the open file.
  let descriptor: Int32
  /// Whether all writers have closed it.
  package private(set) var isAtEnd = false
  private var bytes: [UInt8] = []

  /// Reads from an open file; 0 is standard input.
  package init(descriptor: Int32) { self.descriptor = descriptor }

  /// Reads the bytes that have arrived; waits if there are none.
  package mutating func read() {
    if isAtEnd { return }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var room = buffer.mutableSpan
    let count = (try? SystemCalls.read(descriptor, into: &room)) ?? 0
    bytes += buffer[..<count]
    isAtEnd = count == 0
  }

  /// Removes and returns the next whole line, without its end.
  package mutating func takeLine() -> String? {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let line = String(decoding: bytes[..<end], as: UTF8.self)
    bytes.removeSubrange(...end)
    return line
  }

  /// The bytes that have not been taken.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Closes the pipe.
  func close() { try? SystemCalls.close(descriptor) }
}
