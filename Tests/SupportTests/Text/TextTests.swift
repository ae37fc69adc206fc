import Support
import Testing

/// Untrusted text: marks that combine with the previous letter, control characters, paths, lines.
struct TextTests {
  /// A mark that combines with the previous letter, and one that combines with the next.
  static let (accent, prefix) = ("\u{301}", "\u{600}")

  @Test func whatDrivesATerminalIsWrittenOut() {
    #expect(VisibleText.of("a\u{1B}[31m\u{9B}2J\u{7F}\n\u{2028}b é") == #"a\u{1B}[31m\u{009B}2J\u{7F}\n\u{2028}b é"#)
    // Letters in the other direction would make one name look like another.
    #expect(VisibleText.of("gpj.\u{202E}exe\u{2066}") == #"gpj.\u{202E}exe\u{2066}"#)
    #expect(VisibleText.of("日本語 😀 é") == "日本語 😀 é")
  }

  @Test func aLineIsOneLine() {
    #expect(VisibleText.line("  a \r\n\n b\u{85}c\u{2028} d\t ") == "a b c d")
    #expect(VisibleText.line("a\u{1B}b") == #"a\u{1B}b"#)
    #expect(VisibleText.line(" \n ") == "")
  }

  @Test func bytesDecideWhereAPathIsCut() {
    #expect(PathText.name("runs/\(Self.accent)x") == "\(Self.accent)x")
    #expect(PathText.folder("runs/\(Self.accent)x") == "runs")
    #expect(PathText.folder("x") == nil && PathText.folder("/x") == "")
    #expect(PathText.name("\(Self.prefix)/a//") == "a")
    #expect(PathText.name("//") == "")
    #expect(PathText.trimmed("a\(Self.prefix)//") == "a\(Self.prefix)")
    #expect(PathText.trimmed("/") == "/" && PathText.trimmed("") == "")
    #expect(PathText.joined("a/", "b") == "a/b" && PathText.joined("a", "b") == "a/b")
    #expect(PathText.isAbsolute("/\(Self.accent)") && !PathText.isAbsolute(""))
    #expect("x\(Self.prefix).csv".endsWith(bytesOf: ".csv") && !"csv".endsWith(bytesOf: ".csv"))
    #expect(".\(Self.accent)a".beginsWith(bytesOf: "."))
    #expect("a,\(Self.accent)b,,".parts(separatedBy: ",") == ["a", "\(Self.accent)b", "", ""])
  }

  @Test func textsAreTheSameByteForByteOnly() {
    let (one, two) = ("caf\u{E9}", "cafe\u{301}")
    #expect(one == two)
    #expect(ExactText(one) != ExactText(two))
    #expect(Set([one, two, one].map(ExactText.init)).count == 2)
    #expect([one, two, one].withoutRepetitions().map { Array($0.utf8) } == [Array(one.utf8), Array(two.utf8)])
    #expect([one, two].sortedByBytes().map(\.utf8.count) == [6, 5])
  }

  @Test func linesAreTrimmed() {
    #expect(TextLines.trimmed(" a b \r\n\t\n\(Self.accent)c") == ["a b", "", "\(Self.accent)c"])
    #expect(TextLines.trimmed("") == [""])
  }

  @Test(
    arguments: [
      (0.5, 1), (-1.5, -2), (.nan, 0), (.infinity, .max), (-.infinity, .min), (4e20, .max), (-1e300, .min),
      (0x1p63, .max), (-0x1p63, .min), (0x1.fffffffffffffp62, 9_223_372_036_854_774_784),
    ] as [(Double, Int)])
  func numbersOfAnySizeBecomeWhole(value: Double, expected: Int) {
    #expect(Int(nearest: value) == expected)
  }

  @Test func lessThanAllIsNotAll() {
    #expect(NumberText.percent(0.9997, decimals: 1) == "99.9 %")
    #expect(NumberText.percent(0.99999, decimals: 0) == "99 %")
    #expect(NumberText.percent(1, decimals: 1) == "100.0 %")
    #expect(NumberText.percent(0.99944, decimals: 1) == "99.9 %")
    #expect(NumberText.share(0.99997, decimals: 4) == "0.9999")
    #expect(NumberText.share(1, decimals: 4) == "1.0000")
    #expect(NumberText.percent(.nan) == "nan %")
  }

  @Test func foreignNamesAreCutByScalars() {
    // One letter with thousands of marks.
    let letter = "e" + String(repeating: Self.accent, count: 10_000)
    #expect(ForeignText.quoted(letter).unicodeScalars.count < 100)
    #expect(ForeignText.plain("a\"\u{1B}") == #"a"\u{1B}"#)
  }
}
