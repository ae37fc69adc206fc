internal import Files
internal import Glibc

/// Standard output or standard error: bytes go out at once, in full, without a buffer that could be lost.
struct StandardStream: Sendable {
  /// Why a write failed.
  enum Failure: Error {
    /// The reader of a pipe has gone away.
    case closed
    /// The system refused.
    case system(SystemCode)
  }

  /// Where results go.
  static let output = StandardStream(descriptor: 1)
  /// Where progress, notes, warnings and failures go.
  static let error = StandardStream(descriptor: 2)

  private let descriptor: Int32

  private init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Writes a text in full.
  func write(_ text: String) throws(Failure) {
    do throws(SystemCode) {
      try SystemCalls.write(descriptor, all: Array(text.utf8))
    } catch {
      throw error.rawValue == EPIPE ? .closed : .system(error)
    }
  }

  /// Whether a terminal is at the other end.
  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// The columns of the terminal; nil where there is none or it does not say.
  var columns: Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Makes sure that none of the three standard streams is closed: the next file that is opened would get its number, and what is
  /// meant for the stream would be written into that file. In a stream that was closed, writing still fails.
  static func occupyClosedStreams() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is this one.
      _ = unsafe open("/dev/null", O_RDONLY)
    }
  }

  /// Lets a write to a closed pipe fail with an error instead of ending the process.
  static func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
  }
}
