package import Files
internal import Glibc
internal import Support

/// Standard output or standard error: bytes go out at once, in full, without a buffer that could be lost.
package struct StandardStream: Sendable {
  /// Why a write failed.
  package enum Failure: Error {
    /// The reader of a pipe has gone away.
    case closed
    /// The system refused.
    case system(SystemCode)
  }

  /// Where results go.
  package static let output = StandardStream(descriptor: 1)
  /// Where progress, notes, warnings and failures go.
  package static let error = StandardStream(descriptor: 2)

  private let descriptor: Int32

  private init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Writes a text in full.
  package func write(_ text: String) throws(Failure) {
    do throws(SystemCode) {
      try SystemCalls.write(descriptor, all: Array(text.utf8))
    } catch {
      throw error.rawValue == EPIPE ? .closed : .system(error)
    }
  }

  /// Writes a text as far as the other end takes it within a time; the rest is lost. An unread log must not hold up the work.
  ///
  /// - Parameter milliseconds: How long to wait for space, in all.
  /// - Returns: Whether all of it has been written.
  @discardableResult
  package func write(_ text: String, waiting milliseconds: Int) -> Bool {
    var rest = Array(text.utf8)[...]
    let end = SystemClock.seconds + Double(milliseconds) / 1000
    while !rest.isEmpty {
      let left = Int32(max(0, ((end - SystemClock.seconds) * 1000).rounded(.up)))
      var descriptor = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      // A signal is a reason to look up from waiting: it may want the process to stop.
      guard unsafe poll(&descriptor, 1, left) == 1, descriptor.revents & Int16(POLLOUT) != 0 else { return false }
      // A pipe with any free space has space for a page.
      let piece = Array(rest.prefix(4096))
      guard (try? SystemCalls.write(self.descriptor, all: piece)) != nil else { return false }
      rest = rest.dropFirst(piece.count)
    }
    return true
  }

  /// Whether a terminal is at the other end.
  package var isTerminal: Bool { isatty(descriptor) == 1 }

  /// The columns of the terminal; nil where there is none or it does not say.
  package var columns: Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Makes sure that none of the three standard streams is closed: the next file that is opened would get its number, and what is
  /// meant for the stream would be written into that file. In a stream that was closed, writing still fails.
  package static func occupyClosedStreams() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is this one.
      _ = unsafe open("/dev/null", O_RDONLY)
    }
  }

  /// Lets a write to a closed pipe, or beyond the largest size of a file (`ulimit -f`), fail with an error instead of ending the process.
  package static func ignoreSignalsOfWrites() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }
}
