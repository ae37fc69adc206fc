internal import Glibc

/// Sends a query to the terminal and reads its answer, which arrives like typed text.
package enum TerminalQuestion {
  /// The answer up to and including its last byte; nil if either end is not a terminal, or it does not answer in time.
  ///
  /// - Parameters:
  ///   - question: The query, written to standard output.
  ///   - end: The byte that ends the answer.
  ///   - milliseconds: How long to wait for each part of it.
  package static func answer(to question: String, end: UInt8, milliseconds: Int32) -> [UInt8]? {
    guard isatty(0) == 1, isatty(1) == 1 else { return nil }
    // A command in the background must not touch the terminal: it would be stopped.
    let foreground = tcgetpgrp(0)
    guard foreground < 0 || foreground == getpgrp() else { return nil }
    var settings = termios()
    guard unsafe tcgetattr(0, &settings) == 0 else { return nil }
    var quiet = settings
    // The answer must neither wait for the end of a line nor be echoed.
    quiet.c_lflag &= ~tcflag_t(ICANON | ECHO)
    guard unsafe tcsetattr(0, TCSANOW, &quiet) == 0 else { return nil }
    defer { unsafe tcsetattr(0, TCSAFLUSH, &settings) }
    guard (try? StandardStream.output.write(question)) != nil else { return nil }

    var answer: [UInt8] = []
    while answer.count < 1024 {
      var descriptor = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&descriptor, 1, milliseconds) == 1 else { return nil }
      var byte: UInt8 = 0
      guard unsafe read(0, &byte, 1) == 1 else { return nil }
      answer.append(byte)
      if byte == end { return answer }
    }
    return nil
  }
}
