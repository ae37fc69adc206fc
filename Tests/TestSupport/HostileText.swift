/// Texts that break writers that look at letters instead of bytes: marks that combine with a comma, a quote or a slash, control characters, formulas,
/// markup, other directions, and names that only look the same.
public enum HostileText {
  /// Pieces from which texts are put together.
  private static let pieces =
    [
      ",", "\"", "'", "`", "\\", "/", "<", ">", "&", "$", "!", "=", "+", "-", "@", "#", ";", ":", "|", "%", "(", "{",
      "}", " ",
    ]
    + ["\u{301}", "\u{338}", "\u{600}", "\u{200D}", "\u{FE0F}", "e\u{301}", "\u{E9}", "😀", "日", "＝"]
    + ["\0", "\t", "\n", "\r", "\u{1B}[2J", "\u{7F}", "\u{9B}31m", "\u{85}", "\u{2028}", "\u{202E}", "\u{2066}"]
    + ["</script>", "<b>", "]]>", "-->", "\\u{1b}", "\\u003c", "$(id)", "=1+1", "a", "0", "x y"]

  /// Texts without a zero byte if `isForSystem`, which takes none.
  public static func texts(_ count: Int, seed: UInt64, isForSystem: Bool = false) -> [String] {
    var random = TestRandom(seed: seed)
    let pieces = isForSystem ? pieces.filter { $0 != "\0" } : pieces
    let single = pieces + ["", ",\u{301}", "\"\u{301}", "'\u{301}", "'=x", "''-5", "-5", "+1e3", "=\u{301}"]
    let mixed = (0..<count).map { _ in
      (0..<Int.random(in: 1...8, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }
    return single + mixed
  }
}
