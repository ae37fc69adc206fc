import Figures
import Foundation
import FoundationXML
import Testing

/// Drawings, read back from the text of an SVG file by an XML parser.
struct SVGTests {
  @Test(arguments: [SVGStyle.fixed(.light), .fixed(.dark), .adaptive, .inherited])
  func everyChartIsWellFormedAndSelfContained(style: SVGStyle) throws {
    for (name, chart) in SampleCharts.all {
      let drawing = try Panels("Mistakes & <others>", charts: [chart]).drawing()
      let svg = try SVGDocument(try drawing.svg(style))
      #expect(svg.root["aria-label"] == "Mistakes & <others>")
      #expect(svg.root["width"] == svg.root["viewBox"]?.split(separator: " ")[2].description)
      #expect(Double(svg.root["width"] ?? "") == drawing.size.width, "\(name)")
      #expect(svg.texts.contains("Mistakes & <others>"), "\(name)")
      for reference in svg.references { #expect(reference.hasPrefix("data:image/png;base64,"), "\(name)") }
      #expect(svg.numbers.allSatisfy { $0.isFinite }, "\(name)")
    }
  }

  @Test func textsOfChartsAreText() throws {
    func texts(_ chart: some Chart) throws -> [String] {
      try SVGDocument(try Panels("", charts: [chart]).drawing().svg(.fixed(.light))).texts
    }
    let curves = try texts(SampleCharts.curves)
    for text in ["Loss", "epoch", "loss", "train", "validation, second run", "0.2", "1.4", "12"] {
      #expect(curves.contains(text), "\(text)")
    }
    let matrix = try texts(SampleCharts.matrix)
    #expect(matrix.filter { $0 == "900" }.count == 10)
    for name in SampleCharts.classNames { #expect(matrix.contains(name)) }
    let bars = try texts(SampleCharts.bars)
    #expect(bars.filter { $0 == "1,000" }.count == 10)
    #expect(bars.contains("5,900"))
    let grid = try texts(SampleCharts.grid)
    #expect(grid.filter { $0 == "T-shirt/top 98 %" }.count == 10)
  }

  @Test func whatIsPointedAtSaysWhatItIs() throws {
    let svg = try SVGDocument(try Panels("", charts: [SampleCharts.matrix]).drawing().svg(.inherited))
    #expect(svg.titles.count == 100)
    #expect(svg.titles[0] == "true class T-shirt/top, answer T-shirt/top: 900")
    let grid = try SVGDocument(try Panels("", charts: [SampleCharts.grid]).drawing().svg(.inherited))
    #expect(grid.titles == (0..<10).map { "number \($0)" })
    #expect(grid.references.count == 10)
  }

  @Test func anAdaptiveDrawingHasRulesForAllItUsesInBothThemes() throws {
    for (name, chart) in SampleCharts.all {
      let text = try Panels("A", charts: [chart]).drawing().svg(.adaptive)
      let svg = try SVGDocument(text)
      let sheet = try #require(svg.styleSheet, "\(name)")
      let halves = sheet.split(separator: "@media screen and (prefers-color-scheme:dark)")
      #expect(halves.count == 2)
      #expect(!svg.classes.isEmpty)
      for used in svg.classes {
        for half in halves { #expect(half.contains(".\(used){"), "\(name): \(used)") }
      }
      #expect(try !SVGDocument(try Panels("A", charts: [chart]).drawing().svg(.fixed(.dark))).hasClasses, "\(name)")
    }
  }

  @Test func thePageSheetKnowsEveryInk() {
    let sheet = StyleSheet.text(for: StyleSheet.allInks)
    for ink in StyleSheet.allInks {
      #expect(sheet.components(separatedBy: ".f-\(ink.name){").count == 3, "\(ink)")
    }
  }

  @Test func controlCharactersDoNotBreakTheFile() throws {
    let svg = try SVGDocument(try Panels("a\u{1B}[2J\u{0}b", charts: [SampleCharts.bars]).drawing().svg(.adaptive))
    #expect(svg.texts.contains("a\u{FFFD}[2J\u{FFFD}b"))
  }
}
