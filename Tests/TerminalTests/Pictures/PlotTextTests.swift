import CommandTestSupport
import Figures
import Terminal
import TestSupport
import Testing

/// Figures in terminals that cannot show pictures.
struct PlotTextTests {
  private func chart(_ values: [Double], _ name: String = "train") -> LineChart {
    LineChart(
      "Loss", x: Axis("epoch", format: .whole), y: Axis("mean loss"),
      series: [.init(name, points: values.enumerated().map { Point(Double($0 + 1), $1) }, color: 0, dashes: 0)])
  }

  @Test func aCurveIsDrawnFromItsHighestToItsLowestValue() {
    let lines = PlotText(columns: 26, isUnicode: false).lines(of: [chart([5, 4, 3, 2, 1, 0])])
    #expect(
      lines == [
        "Loss, train, epoch 1 to 6", "   5.0000 **              ", "            ***           ",
        "               ***        ", "                  ***     ", "                     ***  ",
        "   0.0000               **", "",
      ], "\(lines)")
  }

  @Test func brailleHasEightDotsInALetter() {
    let lines = PlotText(columns: 26, isUnicode: true).lines(of: [chart([5, 4, 3, 2, 1, 0])])
    #expect(lines.count == 8 && lines[1...6].allSatisfy { $0.count == 26 })
    let dots = lines[1...6].joined().unicodeScalars.filter { 0x2801...0x28FF ~= $0.value }
    // Two for each letter's width, and occasionally one more where two parts of the curve meet.
    #expect(32...40 ~= dots.reduce(0) { $0 + ($1.value - 0x2800).nonzeroBitCount })
  }

  @Test func numbersOfAnySizeAreDrawn() {
    for values in [[1e308, -1e308, 4e20], [0, 0, 0], [.nan, 1, .infinity, 2], [1], []] {
      for isUnicode in [true, false] {
        let lines = PlotText(columns: 40, isUnicode: isUnicode).lines(of: [chart(values, "a\u{1B}[2J")])
        #expect(lines.allSatisfy { $0.count <= 40 && !$0.contains("\u{1B}") })
      }
    }
  }

  @Test func aSinglePointIsWritten() {
    let lines = PlotText(columns: 40, isUnicode: true).lines(of: [chart([0.5])])
    #expect(lines == ["Loss, train, epoch 1: 0.5000", ""], "\(lines)")
  }

  @Test func aMatrixIsShaded() {
    let lines = PlotText(columns: 16, isUnicode: false).lines(
      ofMatrix: [[1, 0.5], [0, 0.25]], names: ["Shirt", "a very long name"])
    #expect(lines == ["  0 1 ", "0 ##:: Shirt", "1   .. a very l~"], "\(lines)")
  }

  @Test func plotsAreShownInAnyTerminal() throws {
    let run = try TinyRun()
    try #require(try run.begin("run").status == 0)
    for terminal in ["xterm", "dumb", "linux"] {
      var tool = run.tool
      tool.environment = ["TERM": terminal, "LANG": "C.UTF-8"]
      let curves = try tool.run("plot", "curves", "run", "--terminal")
      #expect(curves.status == 0, "\(curves.error)")
      for title in ["Loss, train, epoch 1 to 2", "Accuracy, validation, epoch 1 to 2"] {
        #expect(curves.output.contains(title), "\(curves.output)")
      }
      let confusion = try tool.run("plot", "confusion", "run", "--data", "data", "--terminal")
      #expect(confusion.status == 0 && confusion.output.contains("9 "), "\(confusion.error)")
      let lines = (curves.output + confusion.output).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= 80 })
    }
  }
}
