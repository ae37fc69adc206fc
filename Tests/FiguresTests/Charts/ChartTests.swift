import Figures
import Foundation
import Testing

/// Ticks, legends and layout.
struct ChartTests {
  /// The texts of a line chart's drawing, whose data spans a range.
  private func texts(_ range: (Double, Double), _ format: Axis.Format) throws -> [String] {
    let chart = LineChart(
      "", x: Axis("x"), y: Axis("y", format: format),
      series: [.init("", points: [Point(0, range.0), Point(1, range.1)], isMarked: false)])
    return try SVGDocument(try Panels("", charts: [chart]).drawing().svg(.inherited)).texts
  }

  @Test func ticksAreRoundNumbers() throws {
    let cases: [((Double, Double), Axis.Format, [String])] = [
      ((0.213, 0.847), .number, ["0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"]),
      ((0.8812, 0.9234), .percent, ["88 %", "89 %", "90 %", "91 %", "92 %", "93 %"]),
      ((0, 59_400), .whole, ["0", "10,000", "20,000", "30,000", "40,000", "50,000", "60,000"]),
      ((-3, 4), .number, ["-3", "-2", "-1", "0", "1", "2", "3", "4"]),
      ((1e-5, 1e-3), .number, ["0", "0.0002", "0.0004", "0.0006", "0.0008", "0.0010"]),
      ((0, 2), .whole, ["0", "1", "2"]),
    ]
    for (range, format, expected) in cases {
      let found = try texts(range, format)
      #expect(Array(found.prefix(expected.count)) == expected, "\(range)")
    }
  }

  @Test(arguments: [
    (1.0, 1.0), (0.0, 0.0), (-5.0, -5.0), (1e9, 1e9), (Double.nan, .nan), (-.infinity, .infinity),
    // Ranges whose extent is not finite, or is lost in rounding, or is subnormal.
    (-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude), (1e15, 1e15.nextUp), (0.0, .leastNonzeroMagnitude),
    (1e300, .greatestFiniteMagnitude),
  ])
  func everyDataHasAnAxis(low: Double, high: Double) throws {
    let found = try texts((low, high), .number)
    #expect(found.count >= 4, "\(found)")
    #expect(found.contains("no data") == !low.isFinite)
  }

  @Test func aLineIsInterruptedWhereThereIsNoNumber() throws {
    let points = [0, 1, .nan, 3, 4].map { Point(Double($0.isNaN ? 2 : $0), $0) }
    let chart = LineChart("", x: Axis("x"), y: Axis("y"), series: [.init("", points: points, isMarked: false)])
    let svg = try Panels("", charts: [chart]).drawing().svg(.inherited)
    let lines = svg.split(separator: "\n").filter { $0.hasPrefix("<polyline") && $0.contains("s-series-0") }
    #expect(lines.count == 2)
  }

  @Test func seriesDifferInMoreThanColor() throws {
    let svg = try Panels("", charts: [SampleCharts.curves]).drawing().svg(.inherited)
    let lines = svg.split(separator: "\n").filter { $0.hasPrefix("<polyline") && $0.contains("stroke-width=\"2\"") }
    let dashes = lines.map { $0.split(separator: "stroke-dasharray=").dropFirst().first.map(String.init) ?? "" }
    // Each line and its sample in the legend.
    #expect(lines.count == 8)
    #expect(Set(dashes).count == 4)
    #expect(Set((0..<10).map(Marker.series)).count == 10)
  }

  @Test func colorsAndLineStylesCanBeExplainedApart() throws {
    let points = [Point(1, 2), Point(2, 1)]
    let chart = LineChart(
      "", x: Axis("x"), y: Axis("y"),
      series: [
        .init("a, train", points: points, color: 0, dashes: 1), .init("a, test", points: points, color: 0, dashes: 0),
        .init("b, train", points: points, color: 1, dashes: 1), .init("b, test", points: points, color: 1, dashes: 0),
      ],
      keys: [
        .init("a", color: 0, dashes: 0), .init("b", color: 1, dashes: 0), .init("train", dashes: 1),
        .init("test", dashes: 0),
      ])
    let text = try Panels("", charts: [chart]).drawing().svg(.inherited)
    let texts = try SVGDocument(text).texts
    for name in ["a", "b", "train", "test"] { #expect(texts.contains(name)) }
    #expect(!texts.contains("a, train"))
    // The names of lines stay with their points.
    #expect(text.contains("<title>b, train, x 1: 2</title>"))
    // One line style stands for all colors.
    let muted = text.split(separator: "\n").filter { $0.hasPrefix("<polyline") && $0.contains("s-muted") }
    #expect(muted.count == 2 && muted.count { $0.contains("dasharray") } == 1)
  }

  @Test func legendsWrapAndSingleNamelessSeriesHaveNone() throws {
    func height(_ names: [String]) throws -> Double {
      let bars = BarChart(
        "", axis: Axis(""), categories: ["a"], series: names, values: names.map { _ in [1] }, width: 300)
      return try Panels("", charts: [bars]).drawing().size.height
    }
    let name = "a name of some length"
    let (none, one) = (try height([""]), try height([name]))
    #expect(one > none)
    let rows = try (1...4).map { try height(Array(repeating: name, count: $0)) }
    // Every second name starts a row; each additional bar adds the same height.
    #expect(rows[2] - rows[1] > rows[1] - rows[0])
  }

  @Test func titlesTooLongAreBrokenOrCut() throws {
    let long = Array(repeating: "word", count: 60).joined(separator: " ")
    let drawing = try Panels(long, charts: [SampleCharts.bars]).drawing()
    let texts = try SVGDocument(try drawing.svg(.inherited)).texts
    #expect(texts.filter { $0.hasPrefix("word") }.count > 3)
    let meter = try TextMeter()
    for text in texts.filter({ $0.hasPrefix("word") }) {
      #expect(meter.width(text, size: 18, isBold: true) <= 460)
    }
    let cut = meter.fitted("Pullover", size: 11, width: 30)
    #expect(cut.hasSuffix("…") && "Pullover".hasPrefix(cut.dropLast()))
    #expect(meter.fitted("a", size: 11, width: 1) == "")
    #expect(meter.lines("one two", size: 11, width: 500) == ["one two"])
    #expect(meter.lines("", size: 11, width: 500) == [])
  }

  @Test func panelsStandInRowsWithoutOverlap() throws {
    let charts: [any Chart] = [SampleCharts.curves, SampleCharts.reliability, SampleCharts.bars]
    let one = try Panels("", columns: 1, charts: charts).drawing().size
    let two = try Panels("", columns: 2, charts: charts).drawing().size
    #expect(one.width == 460 + 40)
    #expect(two.width == 2 * 460 + 28 + 40)
    #expect(two.height < one.height)
  }
}
