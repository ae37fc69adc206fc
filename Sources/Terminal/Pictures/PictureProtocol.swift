/// The ways in which terminals show pictures.
package enum PictureProtocol: String, CaseIterable, Sendable {
  /// Kitty's, as PNG in base 64.
  case kitty
  /// iTerm2's, as PNG in base 64.
  case iterm2
  /// DEC's, as bands of six rows.
  case sixel
  /// Two pixels per character, one above the other, in shades of gray.
  case blocks
  /// One character per pixel, darker or lighter, without control characters.
  case characters

  /// Whether real pictures, including their text, are shown.
  package var showsPictures: Bool { self == .kitty || self == .iterm2 || self == .sixel }

  /// Detects what the terminal on standard output supports, first by its name, then by a query.
  ///
  /// - Parameters:
  ///   - isTerminal: Whether standard output is a terminal.
  ///   - environment: Returns the value of a variable.
  ///   - ask: Sends a query to the terminal and returns the answer.
  package static func detect(
    isTerminal: Bool, environment: (String) -> String?, ask: (String) -> [UInt8]?
  ) -> PictureProtocol {
    let terminal = environment("TERM") ?? "dumb"
    // Consoles without 256 colors cannot show shades.
    let isPlain = ["dumb", "linux"].contains(terminal) || terminal.hasPrefix("vt")
    guard isTerminal, !isPlain, environment("NO_COLOR") == nil else { return .characters }
    // A multiplexer answers for itself, but does not pass pictures on.
    let isMultiplexed = environment("TMUX") != nil || terminal.hasPrefix("screen") || terminal.hasPrefix("tmux")
    if isMultiplexed { return .blocks }
    let program = environment("TERM_PROGRAM") ?? ""
    if terminal == "xterm-kitty" || environment("KITTY_WINDOW_ID") != nil || ["ghostty", "WezTerm"].contains(program) {
      return .kitty
    }
    if program == "iTerm.app" || environment("LC_TERMINAL") == "iTerm2" { return .iterm2 }
    // Every terminal answers the second query; terminals that do not know the first one ignore it.
    guard let answer = ask("\u{1B}_Gi=1,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\\u{1B}[c") else { return .blocks }
    let text = String(decoding: answer, as: UTF8.self)
    if text.contains("\u{1B}_Gi=1;OK") { return .kitty }
    guard let attributes = text.split(separator: "\u{1B}[?").last?.dropLast() else { return .blocks }
    return attributes.split(separator: ";").contains("4") ? .sixel : .blocks
  }
}
