internal import Files
package import Support

/// Where a command speaks: results on standard output, everything else on standard error.
package struct Console: Sendable {
  /// The reader of standard output has gone away: there is nobody left to write for, and nothing to complain about.
  package struct OutputClosed: Error {}

  /// How progress is shown, `auto` already resolved.
  package let progress: ProgressMode
  /// The colors of standard error.
  package let style: TextStyle
  private let isQuiet: Bool
  /// How messages name options.
  package let wording: any Wording

  /// Looks at standard error and the environment.
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

  /// Writes lines of the result. What would drive a terminal is written out: many a name in them is somebody else's.
  package func result(_ lines: [String]) throws {
    try result(asIs: lines.map(VisibleText.of))
  }

  /// Writes lines of the result that drive the terminal on purpose, such as pictures, or that have tabs or line breaks in them.
  ///
  /// - Precondition: Whatever comes from others in them has been made visible.
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

  /// Tells what is being done, unless the user asked for quiet.
  package func note(_ line: String) {
    guard !isQuiet else { return }
    let lines = FoldedText.lines(VisibleText.of(line), columns: StandardStream.error.columns ?? .max, indentation: 2)
    say(lines.joined(separator: "\n") + "\n")
  }

  /// Tells of something that the user should look at, also when quiet.
  package func warn(_ message: MessageText) {
    say("jacquard: \(style.warning("warning:")) \(VisibleText.line(wording.text(of: message)))\n")
  }

  /// The same, with a finished text.
  package func warn(text: String) { warn(MessageText(text)) }

  /// Tells why the command failed.
  package func report(failure message: String) {
    StandardStream.error.write(
      "jacquard: \(style.failure("error:")) \(message)\n", waiting: Self.lastPatience)
  }

  /// Writes to standard error as it is. An unread log must not stop the work: what does not go out soon is dropped.
  package func say(_ text: String) { StandardStream.error.write(text, waiting: Self.patience) }

  /// Writes to standard error as it is if it takes it at once, for what is overwritten in a moment anyway.
  package func draw(_ text: String) { StandardStream.error.write(text, waiting: 0) }

  /// How long a reader that is slow may take for a line, in milliseconds; and for the last one, which says why the command failed.
  private static let patience = 100
  private static let lastPatience = 2000

  /// Whether the terminal's characters are those of Unicode, in UTF-8, as the locale says.
  package let isUnicode: Bool

  /// The columns of the terminal behind standard error; 80 where there is none.
  package var columns: Int { StandardStream.error.columns ?? 80 }
}
