import Support
import Terminal
import Testing

/// The parts of what is shown that need no process.
struct ConsoleTests {
  private let plain = TextStyle(isTerminal: false, noColor: nil, terminalType: nil)

  private func progress(step: Int = 62, left: Double? = 83) -> StepProgress {
    StepProgress(
      epoch: 3, epochCount: 10, step: step, stepCount: 100, loss: 0.23104, accuracy: 0.9151, imagesPerSecond: 9812.4,
      secondsLeft: left)
  }

  @Test(arguments: [
    (
      120,
      "epoch 3/10  [==================>           ]   62%  loss 0.2310  accuracy 0.9151  9,812 images/s  1:23 left"
    ),
    (80, "epoch 3/10   62%  loss 0.2310  accuracy 0.9151  9,812 images/s  1:23 left"),
    (58, "epoch 3/10  [====>  ]   62%  loss 0.2310  accuracy 0.9151"),
    (20, "epoch 3/10   62%  l"),
  ])
  func theBarFitsTheTerminal(columns: Int, expected: String) {
    let line = ProgressBar.line(progress(), columns: columns, style: plain)
    #expect(line == expected)
    #expect(line.count < columns)
  }

  @Test func theBarIsFullOnlyAtTheEnd() {
    #expect(ProgressBar.line(progress(step: 99), columns: 120, style: plain).contains("> ]") == false)
    #expect(ProgressBar.line(progress(step: 99), columns: 120, style: plain).contains("=>]"))
    #expect(ProgressBar.line(progress(step: 100, left: nil), columns: 120, style: plain).contains("==]  100%"))
  }

  @Test(arguments: [
    (ProgressMode.auto, true, "xterm", ProgressMode.bar), (.auto, true, "dumb", .plain),
    (.auto, false, "xterm", .plain),
    (.bar, false, "xterm", .bar), (.plain, true, "xterm", .plain), (.none, true, "xterm", .none),
  ])
  func autoLooksAtTheTerminal(mode: ProgressMode, isTerminal: Bool, terminal: String, expected: ProgressMode) {
    #expect(mode.resolved(isTerminal: isTerminal, terminalType: terminal) == expected)
  }

  @Test func namesOfOthersSendNothingToTheTerminal() {
    let name = "a\u{1B}[31m\u{9B}2J\u{7F}\tb é"
    let shown = #"a\u{1B}[31m\u{009B}2J\u{7F}\tb é"#
    #expect(VisibleText.of(name) == shown)
    #expect(VisibleText.line(" " + name + "\n c ") == shown + " c")
    var table = TextTable([("name", .left)])
    table.append([name])
    #expect(table.lines.last == shown)
  }

  @Test func tablesAreAligned() {
    var table = TextTable([("name", .left), ("count", .right)])
    table.append(["a", "12,345"])
    table.append(["longer", "1"])
    #expect(table.lines == ["name     count", "------  ------", "a       12,345", "longer       1"])
    #expect(TextTable.pairs([("a", "1"), ("long", "")]) == ["a     1", "long"])
  }
}
