/// How a terminal shows pictures.
package enum PictureProtocol: String, CaseIterable, Sendable {
  /// Kitty's, as PNG in base 64.
  case kitty
  /// iTerm2's, as PNG in base 64.
  case iterm2
  /// DEC's, as bands of six rows.
  case sixel
  /// Two pixels per character, one above the other, in shades of gray.
  case blocks
  /// A character per pixel, more or less dark, without control characters.
  case characters

  /// Whether real pictures are shown, with their letters.
  package var showsPictures: Bool { self == .kitty || self == .iterm2 || self == .sixel }

  /// Finds out what the terminal at standard output speaks, first by its name, then by asking it.
  ///
  /// - Parameters:
  ///   - isTerminal: Whether there is one.
  ///   - environment: The value of a variable.
  ///   - ask: Puts a question to the terminal.
  package static func detect(
    isTerminal: Bool, environment: (String) -> String?, ask: (String) -> [UInt8]?
  ) -> PictureProtocol {
    let terminal = environment("TERM") ?? "dumb"
    // Consoles without 256 colors cannot show shades.
    let isPlain = ["dumb", "linux"].contains(terminal) || terminal.hasPrefix("vt")
    guard isTerminal, !isPlain, environment("NO_COLOR") == nil else { return .characters }
    // A multiplexer answers for itself, and passes no pictures on.
    let isMultiplexed = environment("TMUX") != nil || terminal.hasPrefix("screen") || terminal.hasPrefix("tmux")
    if isMultiplexed { return .blocks }
    let program = environment("TERM_PROGRAM") ?? ""
    if terminal == "xterm-kitty" || environment("KITTY_WINDOW_ID") != nil || ["ghostty", "WezTerm"].contains(program) {
      return .kitty
    }
    if program == "iTerm.app" || environment("LC_TERMINAL") == "iTerm2" { return .iterm2 }
    // Every terminal answers the second question; those that do not know the first one ignore it.
    guard let answer = ask("\u{1B}_Gi=1,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\\u{1B}[c") else { return .blocks }
    let text = String(decoding: answer, as: UTF8.self)
    if text.contains("\u{1B}_Gi=1;OK") { return .kitty }
    guard let attributes = text.split(separator: "\u{1B}[?").last?.dropLast() else { return .blocks }
    return attributes.split(separator: ";").contains("4") ? .sixel : .blocks
  }
}
