internal import Files
package import Support

/// The output of a command: results on standard output, everything else on standard error.
package struct Console: Sendable {
  /// The reader of standard output is gone, so there is nothing left to write and nothing to report.
  package struct OutputClosed: Error {}

  /// How to show progress, with `auto` already resolved.
  package let progress: ProgressMode
  /// The colors of standard error.
  package let style: TextStyle
  private let isQuiet: Bool
  /// How messages name options.
  package let wording: any Wording

  /// Examines standard error and the environment.
  package init(isQuiet: Bool = false, progress: ProgressMode = .auto, wording: any Wording = PlainWording()) {
    self.wording = wording
    let isTerminal = StandardStream.error.isTerminal
    let terminalType = Environment.value("TERM")
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(Environment.value).first ?? ""
    isUnicode = ["utf-8", "utf8"].contains { locale.lowercased().hasSuffix($0) }
    self.isQuiet = isQuiet
    self.progress = isQuiet ? .none : progress.resolved(isTerminal: isTerminal, terminalType: terminalType)
    style = TextStyle(isTerminal: isTerminal, noColor: Environment.value("NO_COLOR"), terminalType: terminalType)
  }

  /// Writes a line of the result.
  package func result(_ line: String) throws {
    try result([line])
  }

  /// Writes lines of the result. Escapes control characters, because names in the lines may come from untrusted sources.
  package func result(_ lines: [String]) throws {
    try result(asIs: lines.map(VisibleText.of))
  }

  /// Writes lines of the result that contain control sequences on purpose, such as pictures, or tabs or line breaks.
  ///
  /// - Precondition: Untrusted text in them has been escaped.
  package func result(asIs lines: [String]) throws {
    let text = lines.map { $0 + "\n" }.joined()
    do throws(StandardStream.Failure) {
      try StandardStream.output.write(text)
    } catch .closed {
      throw OutputClosed()
    } catch .system(let code) {
      throw Failure(.inputOutput, "standard output: cannot write the result: \(code.message)")
    }
  }

  /// Prints a note, unless the user asked for quiet.
  package func note(_ line: String) {
    guard !isQuiet else { return }
    let lines = FoldedText.lines(VisibleText.of(line), columns: StandardStream.error.columns ?? .max, indentation: 2)
    say(lines.joined(separator: "\n") + "\n")
  }

  /// Prints a warning, even when quiet.
  package func warn(_ message: MessageText) {
    say("jacquard: \(style.warning("warning:")) \(VisibleText.line(wording.text(of: message)))\n")
  }

  /// The same, with a finished text.
  package func warn(text: String) { warn(MessageText(text)) }

  /// Prints why the command failed.
  package func report(failure message: String) {
    StandardStream.error.write(
      "jacquard: \(style.failure("error:")) \(message)\n", waiting: Self.lastPatience)
  }

  /// Writes to standard error verbatim. An unread log must not stop the work: text that cannot be written soon is dropped.
  package func say(_ text: String) { StandardStream.error.write(text, waiting: Self.patience) }

  /// Writes to standard error verbatim if it accepts the text at once, for text that will soon be overwritten.
  package func draw(_ text: String) { StandardStream.error.write(text, waiting: 0) }

  /// How long to wait for a slow reader, in milliseconds: for a line, and for the last line, which says why the command failed.
  private static let patience = 100
  private static let lastPatience = 2000

  /// Whether the terminal's character set is UTF-8, according to the locale.
  package let isUnicode: Bool

  /// The columns of the terminal on standard error; 80 without a terminal.
  package var columns: Int { StandardStream.error.columns ?? 80 }
}
