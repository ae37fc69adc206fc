internal import Glibc

/// Asks the terminal something and reads its answer, which arrives as if it had been typed.
package enum TerminalQuestion {
  /// The answer up to and with its last byte; nil where no terminal is at both ends, or it does not answer in time.
  ///
  /// - Parameters:
  ///   - question: What is written to standard output.
  ///   - end: The byte that ends the answer.
  ///   - milliseconds: How long to wait for each piece of it.
  package static func answer(to question: String, end: UInt8, milliseconds: Int32) -> [UInt8]? {
    guard isatty(0) == 1, isatty(1) == 1 else { return nil }
    // A command in the background must not touch the terminal: it would be stopped.
    let foreground = tcgetpgrp(0)
    guard foreground < 0 || foreground == getpgrp() else { return nil }
    var settings = termios()
    guard unsafe tcgetattr(0, &settings) == 0 else { return nil }
    var quiet = settings
    // The answer must neither wait for a line's end nor show.
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
