import Support
import Terminal
import TestSupport
import Testing

/// The parts of the output that need no process.
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

  @Test func wideTablesAreLaidOutAgain() {
    var table = TextTable([("name", .left), ("images per second", .right), ("kind", .left), ("words", .left)])
    table.append(["a", "12,345", "same", "few words in a cell"])
    table.append(["b", "1", "same", "other words"])
    let gap = String(repeating: " ", count: 16)
    #expect(
      table.lines(columns: 80)[2...] == [
        "a\(gap)12,345  same  few words in a cell", "b\(gap)     1  same  other words",
      ])
    #expect(
      table.lines(columns: 40) == [
        "      images", "         per", "name  second  kind  words", "----  ------  ----  -------------------",
        "a     12,345  same  few words in a cell", "b          1  same  other words",
      ])
    #expect(
      table.lines(columns: 36) == [
        "      images", "         per", "name  second  kind  words", "----  ------  ----  ----------------",
        "a     12,345  same  few words in a", "                    cell", "b          1  same  other words",
      ])
    // Tables below each other, each with the first column.
    #expect(
      table.lines(columns: 14).filter { $0.hasPrefix("a") } == ["a     12,345", "a     same", "a     few"])
    for columns in 11...80 {
      #expect(table.lines(columns: columns).allSatisfy { $0.count <= columns }, "\(columns)")
    }
  }

  @Test func tablesFitWhateverTheirTexts() {
    for text in HostileText.texts(60, seed: 4) {
      var table = TextTable([(text, .left), ("number", .right), ("b", .left)])
      for row in ["1", "22"] { table.append([text, row, text + row]) }
      table.appendHeading(text)
      for columns in [20, 40, 80] {
        #expect(table.lines(columns: columns).allSatisfy { $0.count <= columns }, "\(columns): \(text)")
      }
    }
  }

  @Test func valuesAreBrokenAtSpacesAndPathsStayWhole() {
    let path = "/a/path/of/thirty/characters/x"
    let lines = TextTable.pairs(
      [("name", "some words of a sentence"), ("file", path), ("next", "jacquard train --model lenet --epochs 2")],
      columns: 24)
    #expect(
      lines == [
        "name  some words of a", "      sentence", "file", "  " + path, "next",
        "  jacquard train --model lenet --epochs 2",
      ])
    #expect(FoldedText.lines("a b c", columns: 3, indentation: 2) == ["a b", "  c"])
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
