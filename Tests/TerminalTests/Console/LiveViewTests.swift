import CommandTestSupport
import Foundation
import Terminal
import TestSupport
import Testing

/// The two lines that a terminal shows of a running epoch.
struct LiveViewTests {
  private let plain = TextStyle(isTerminal: false, noColor: nil, terminalType: nil)
  private let progress = StepProgress(
    epoch: 3, epochCount: 10, step: 62, stepCount: 100, loss: 0.23104, accuracy: 0.9151, imagesPerSecond: 9812.4,
    secondsLeft: 83)

  @Test func aCurveGoesFromTheFirstNumberToTheLast() {
    var curve = Sparkline()
    #expect(curve.text(width: 8) == "")
    for value in 0..<8 { curve.add(Double(value)) }
    #expect(curve.text(width: 8) == "▁▂▃▄▅▆▇█")
    #expect(curve.text(width: 20) == "▁▂▃▄▅▆▇█")
    #expect(curve.text(width: 4) == "▁▃▆█")
    curve.add(.nan)
    curve.add(.infinity)
    #expect(curve.text(width: 8) == "▁▂▃▄▅▆▇█")
    var flat = Sparkline()
    for _ in 0..<5 { flat.add(2) }
    #expect(flat.text(width: 5) == "▁▁▁▁▁")
  }

  @Test func aCurveOfManyNumbersKeepsItsShape() {
    var (linear, logarithmic) = (Sparkline(), Sparkline(isLogarithmic: true))
    for step in 0..<100_000 {
      linear.add(Double(step))
      logarithmic.add(pow(2, -Double(step) / 10_000))
    }
    #expect(linear.text(width: 8) == "▁▂▃▄▅▆▇█")
    // Halving again and again is a straight line downwards.
    #expect(logarithmic.text(width: 8) == "█▇▆▅▄▃▂▁")
  }

  @Test(arguments: [60, 80, 120, 200])
  func bothLinesFitTheTerminal(columns: Int) throws {
    var view = LiveView()
    for step in 0..<500 { view.add(loss: 2.3 / Double(step + 1), accuracy: 1 - 1 / Double(step + 2)) }
    let lines = try #require(view.lines(progress, columns: columns, style: plain))
    #expect(lines.count == 2)
    for line in lines { #expect(line.count < columns) }
    #expect(lines[0].hasPrefix("epoch 3/10  ["))
    #expect(lines[0].hasSuffix("]   62%  9,812 images/s  1:23 left"))
    let pattern = /loss 0\.2310 (█[▁-█]*▁) +accuracy 0\.9151 (▁[▁-█]*█) */
    let match = try #require(lines[1].wholeMatch(of: pattern), "\(lines[1])")
    #expect(match.1.count == match.2.count && match.1.count >= 6)
  }

  @Test func aNarrowTerminalHasNoRoomForCurves() {
    var view = LiveView()
    view.add(loss: 1, accuracy: 0.5)
    #expect(view.lines(progress, columns: 45, style: plain) == nil)
    #expect(view.lines(progress, columns: 5, style: plain) == nil)
  }

  @Test func aTerminalGetsCurvesThatAreRewrittenInPlace() throws {
    let tool = try Tool(environment: ["LC_ALL": "C.UTF-8"])
    try SmallData.write(in: tool.folder)
    let train = "\(Tool.path) train --model lenet --data data --out run --batch-size 20 --epochs 40 > result"
    let shown = try tool.shell("script -qec \"stty cols 90; \(train)\" /dev/null").output
    #expect(shown.contains("epoch 1/40  ["), "\(shown.debugDescription)")
    let screen = Screen(shown, columns: 90)
    // The text that remains after the run: the note and one line per epoch, without any part of a bar or a curve.
    #expect(screen.lines.count == 43, "\(screen.lines)")
    #expect(screen.lines.suffix(2).allSatisfy { $0.contains("jacquard ") })
    for (number, line) in screen.lines.dropFirst().dropLast(2).enumerated() {
      #expect(line.drop { $0 == " " }.hasPrefix("epoch"), "\(line)")
      #expect(line.contains("\(number + 1)/40  train loss "), "\(line)")
    }
    #expect(screen.hasShown("▁") && screen.hasShown("accuracy"))
  }
}

/// A simple terminal: it supports lines, returns, moving up, and erasing to the end of the line.
private struct Screen {
  private(set) var lines: [String] = []
  private var seen = ""

  init(_ text: String, columns: Int) {
    var rows: [[Character]] = [[]]
    var (row, column) = (0, 0)
    var rest = text.replacing("\r\n", with: "\n\r")[...]
    while let character = rest.popFirst() {
      switch character {
      case "\r": column = 0
      case "\n":
        row += 1
        if row == rows.count { rows.append([]) }
      case "\u{1B}":
        let end = rest.firstIndex { $0.isLetter } ?? rest.startIndex
        let command = rest[...end].dropFirst()
        rest = rest[rest.index(after: end)...]
        if command == "A" { row = max(0, row - 1) }
        if command == "K" { rows[row].removeLast(max(0, rows[row].count - column)) }
      default:
        while rows[row].count <= column { rows[row].append(" ") }
        rows[row][column] = character
        column += 1
        precondition(column < columns, "a line is as wide as the terminal, which would wrap it")
      }
    }
    seen = text
    lines = rows.map { String($0) }.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
      .filter { !$0.isEmpty }
  }

  func hasShown(_ text: String) -> Bool { seen.contains(text) }
}
