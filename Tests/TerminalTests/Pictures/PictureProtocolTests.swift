import CommandTestSupport
import Terminal
import TestSupport
import Testing

/// How the command finds out a terminal's picture protocol.
struct PictureProtocolTests {
  private func detect(
    _ environment: [String: String], isTerminal: Bool = true, answer: String? = nil
  ) -> PictureProtocol {
    .detect(isTerminal: isTerminal) {
      environment[$0]
    } ask: { _ in
      answer.map { Array($0.utf8) }
    }
  }

  @Test(arguments: [
    (["TERM": "xterm-kitty"], PictureProtocol.kitty), (["TERM": "xterm", "TERM_PROGRAM": "WezTerm"], .kitty),
    (["TERM": "xterm", "KITTY_WINDOW_ID": "1"], .kitty), (["TERM": "xterm", "TERM_PROGRAM": "iTerm.app"], .iterm2),
    (["TERM": "xterm", "LC_TERMINAL": "iTerm2"], .iterm2), (["TERM": "xterm"], .blocks),
    (["TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"], .blocks), (["TERM": "xterm-kitty", "TMUX": "/tmp/x"], .blocks),
    (["TERM": "linux"], .characters), (["TERM": "dumb"], .characters), ([:], .characters),
    (["TERM": "vt100"], .characters), (["TERM": "xterm-kitty", "NO_COLOR": "1"], .characters),
  ])
  func namesTellMost(environment: [String: String], expected: PictureProtocol) {
    #expect(detect(environment) == expected)
    #expect(detect(environment, isTerminal: false) == .characters)
  }

  @Test(arguments: [
    ("\u{1B}_Gi=1;OK\u{1B}\\\u{1B}[?62;4c", PictureProtocol.kitty), ("\u{1B}[?62;1;4;6c", .sixel),
    ("\u{1B}[?64;14;41c", .blocks), ("\u{1B}_Gi=1;EINVAL\u{1B}\\\u{1B}[?62c", .blocks), ("x", .blocks),
  ])
  func answersTellTheRest(answer: String, expected: PictureProtocol) {
    #expect(detect(["TERM": "xterm-256color"], answer: answer) == expected)
  }

  @Test(arguments: [
    ("\u{1B}[?62;4;6c", "\u{1B}Pq"), ("\u{1B}_Gi=1;OK\u{1B}\\\u{1B}[?62c", "\u{1B}_Gf=100"),
    ("\u{1B}[?62;6c", "\u{1B}[38;5;"),
  ])
  func aTerminalIsAskedAndItsAnswerUsed(answer: String, expected: String) throws {
    let tool = try Tool()
    try SmallData.write(in: tool.folder, training: 10, test: 10)
    let text = try AnsweringTerminal.run(
      tool, ["data", "show", "--data", "data", "--means"], question: "\u{1B}[c", answer: answer)
    #expect(text.contains(expected), "\(text.prefix(400))")
    // The answer does not show.
    #expect(!text.contains(answer))
  }
}
