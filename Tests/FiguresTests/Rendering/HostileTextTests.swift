import Figures
import Foundation
import FoundationXML
import TestSupport
import Testing

/// Untrusted names in pictures and pages.
struct HostileTextTests {
  private static let texts = HostileText.texts(300, seed: 19)

  @Test func svgStaysWellFormed() throws {
    for start in stride(from: 0, to: Self.texts.count - 10, by: 10) {
      let names = Array(Self.texts[start..<start + 10])
      let map = HeatMap(
        names[0], rowTitle: names[1], columnTitle: names[2], rows: Array(names[3...4]), columns: Array(names[5...6]),
        amounts: [[0, 1], [1, 0]], texts: [[names[7], "1"], ["2", names[8]]])
      let text = try Panels(names[9], charts: [map]).drawing().svg(.fixed(.light))
      let svg = try SVGDocument(text)
      #expect(!text.contains("<script") && !text.contains("<b>"))
      #expect(svg.titles.count == 4)
    }
  }

  /// A page has the same elements as with plain names, regardless of the names.
  @Test func markupInNamesIsText() throws {
    func page(_ names: [String]) throws -> String {
      let matrix = ReportMatrix(classNames: names, counts: [[1, 2], [3, 4]])
      let explorer = ReportExplorer(
        classNames: names, answers: [.init(item: 0, label: 0, answer: 1, probability: 0.5, loss: 1)], pixels: [7],
        width: 1, height: 1)
      let tile = ImageGrid.Tile(SampleCharts.disk(), captions: [.init(names[0])], tip: names[1])
      return try ReportPage(
        names[0], subtitle: names[1], highlights: [.init(names[0], names[1])],
        sections: [
          .init(
            "All",
            [
              .heading(names[0]), .paragraph(names[1]), .facts([.init(names[0], names[1])]), .matrix(matrix),
              .gallery(ReportGallery(rows: [.init(names[0], tiles: [tile])], imageWidth: 20)), .explorer(explorer),
              .table(ReportTable(names[0], columns: [.init(names[1])], rows: [[names[0]]])),
            ])
        ], footer: names[1]
      ).html()
    }
    func tags(_ html: String) -> [String] {
      let bytes = Array(html.utf8)
      return bytes.indices.filter { bytes[$0] == UInt8(ascii: "<") }.map { start in
        String(decoding: bytes[start...].prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: ">") }, as: UTF8.self)
      }
    }
    // The page's own script has comparisons, the same in every page.
    let plain = tags(try page(["a", "b"]))
    for start in stride(from: 0, to: Self.texts.count - 2, by: 2) {
      let names = Array(Self.texts[start..<start + 2])
      // An element without text may be left out.
      guard !names.contains("") else { continue }
      #expect(tags(try page(names)) == plain, "\(names)")
    }
  }

  @Test func namesOfAnyLengthTakeLittleTime() throws {
    let clock = ContinuousClock()
    let long = String(repeating: "W e\u{301}", count: 6000)
    let joined = String(repeating: "W", count: 16_000)
    let time = try clock.measure {
      for name in [long, joined] {
        let names = Array(repeating: name, count: 10)
        let map = HeatMap(
          name, rowTitle: name, columnTitle: "answer", rows: names, columns: names,
          amounts: Array(repeating: Array(repeating: 0.5, count: 10), count: 10),
          texts: Array(repeating: Array(repeating: "7", count: 10), count: 10))
        let tiles = names.map { ImageGrid.Tile(SampleCharts.disk(), captions: [.init($0), .init($0)], tip: "") }
        let charts: [any Chart] = [map, ImageGrid(name, tiles: tiles, columns: 5, imageWidth: 84, gap: 14)]
        let drawing = try Panels(name, subtitle: name, charts: charts).drawing()
        #expect(drawing.size.width < 5000 && drawing.size.height < 20_000)
      }
    }
    // This took minutes once; the bound is for the slowest machine and not a measurement.
    #expect(time < .seconds(60))
  }

  /// The longest prefix that fits, as if every length had been tried.
  @Test func textIsCutWhereItStopsToFit() throws {
    let meter = try TextMeter()
    let text = "the quick brown fox jumps over the lazy dog"
    for width in stride(from: 5.0, to: 320, by: 7) {
      var expected = ""
      if meter.width(text, size: 12) <= width {
        expected = text
      } else {
        for count in (1..<text.count).reversed() {
          let start = String(text.prefix(count))
          let candidate = start.trimmingCharacters(in: .whitespaces) + "…"
          if meter.width(candidate, size: 12) <= width {
            expected = candidate
            break
          }
        }
      }
      #expect(meter.fitted(text, size: 12, width: width) == expected, "\(width)")
    }
  }
}
