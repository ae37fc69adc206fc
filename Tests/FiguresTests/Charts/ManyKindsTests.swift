import Figures
import Foundation
import Testing

/// Figures of more classes than can be named.
struct ManyKindsTests {
  private func texts(kinds: Int) throws -> [String] {
    let series = (0..<kinds).map { ScatterChart.Series("kind \($0)", points: [Point(Double($0), Double($0 % 7))]) }
    let chart = ScatterChart("", x: Axis("x"), y: Axis("y"), series: series)
    return try SVGDocument(try Panels("", charts: [chart]).drawing().svg(.inherited)).texts
  }

  @Test func aScatterChartNamesOnlyAsManyKindsAsItHasSpaceFor() throws {
    #expect(try texts(kinds: ScatterChart.mostNames).count { $0 == "kind 3" } == 2)
    #expect(try !texts(kinds: ScatterChart.mostNames + 1).contains { $0.hasPrefix("kind") })
  }

  @Test func picturesThatWouldCoverOthersAreLeftOut() throws {
    let image = Bitmap(width: 2, height: 2, pixels: [0, 1, 2, 3])
    func count(_ places: [Point]) throws -> Int {
      let chart = PictureChart(
        x: Axis("x"), y: Axis("y"), items: places.map { .init(image, at: $0, kind: 0, tip: "tip") }, kinds: ["a"])
      let svg = try Panels("", charts: [chart]).drawing().svg(.inherited)
      return svg.components(separatedBy: "<image ").count - 1
    }
    let corners = [Point(0, 0), Point(100, 100)]
    #expect(try count(corners) == 2)
    // The same place, one very near it, and one that is free.
    #expect(try count(corners + [Point(0, 0), Point(0.5, 0.5), Point(50, 50)]) == 3)
    #expect(try count(corners + [Point(.nan, 5)]) == 2)
  }

  @Test func aMatrixOfSomeClassesCountsTheImagesOfAll() throws {
    let matrix = ReportMatrix(classNames: ["a", "b"], counts: [[1, 1], [0, 2]], totals: [8, 2], labels: [3, 5])
    let page = ReportPage("", subtitle: "", highlights: [], sections: [.init("s", [.matrix(matrix)])], footer: "")
    let html = try page.html()
    #expect(html.contains("a taken for b: 1 images, 12.5 %") && html.contains("b taken for b: 2 images, 100.0 %"))
  }
}
