package import Files
internal import Glibc
internal import Support

/// Standard output or standard error: bytes are written at once and completely, without a buffer that could be lost.
package struct StandardStream: Sendable {
  /// Why a write failed.
  package enum Failure: Error {
    /// The reader of a pipe has gone away.
    case closed
    /// The system refused.
    case system(SystemCode)
  }

  /// Receives results.
  package static let output = StandardStream(descriptor: 1)
  /// Receives progress, notes, warnings and failures.
  package static let error = StandardStream(descriptor: 2)

  private let descriptor: Int32

  private init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Writes a text completely.
  package func write(_ text: String) throws(Failure) {
    do throws(SystemCode) {
      try SystemCalls.write(descriptor, all: Array(text.utf8))
    } catch {
      throw error.rawValue == EPIPE ? .closed : .system(error)
    }
  }

  /// Writes as much of a text as the reader accepts within a time limit; drops the rest. An unread log must not delay the work.
  ///
  /// - Parameter milliseconds: The total time to wait for space.
  /// - Returns: Whether all of it was written.
  @discardableResult
  package func write(_ text: String, waiting milliseconds: Int) -> Bool {
    var rest = Array(text.utf8)[...]
    let end = SystemClock.seconds + Double(milliseconds) / 1000
    while !rest.isEmpty {
      let left = Int32(max(0, ((end - SystemClock.seconds) * 1000).rounded(.up)))
      var descriptor = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      // A signal interrupts the wait: it may ask the process to stop.
      guard unsafe poll(&descriptor, 1, left) == 1, descriptor.revents & Int16(POLLOUT) != 0 else { return false }
      // A pipe with any free space can take a whole page.
      let piece = Array(rest.prefix(4096))
      guard (try? SystemCalls.write(self.descriptor, all: piece)) != nil else { return false }
      rest = rest.dropFirst(piece.count)
    }
    return true
  }

  /// Whether the stream is a terminal.
  package var isTerminal: Bool { isatty(descriptor) == 1 }

  /// The columns of the terminal; nil without a terminal, or if it does not say.
  package var columns: Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Makes sure that none of the three standard streams is closed: the next opened file would get its number, and text meant
  /// for the stream would go into that file. Writing to a stream that was closed still fails.
  package static func occupyClosedStreams() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
      // The system uses the lowest free descriptor, which is this one.
      _ = unsafe open("/dev/null", O_RDONLY)
    }
  }

  /// Makes a write to a closed pipe, or beyond the maximum file size (`ulimit -f`), fail with an error instead of ending the process.
  package static func ignoreSignalsOfWrites() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }
}
