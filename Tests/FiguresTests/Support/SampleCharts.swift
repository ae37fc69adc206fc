import Figures

/// One chart of each kind, with every feature.
enum SampleCharts {
  static let classNames = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  static let curves = LineChart(
    "Loss", x: Axis("epoch", format: .whole), y: Axis("loss"),
    series: ["train", "validation", "train, second run", "validation, second run"].enumerated().map { index, name in
      LineChart.Series(
        name,
        points: (1...12).map { epoch in
          Point(Double(epoch), 0.2 + 0.05 * Double(index) + (0.6 + 0.1 * Double(index)) / Double(epoch))
        })
    })

  static let matrix = HeatMap(
    "Confusion", rowTitle: "true class", columnTitle: "answer", rows: classNames, columns: classNames,
    amounts: counts.map { row in row.map { Double($0) / 1000 } }, texts: counts.map { $0.map(String.init) })

  private static let counts: [[Int]] = (0..<10).map { row in
    (0..<10).map { column in column == row ? 900 : (row * 7 + column * 3) % 10 * 12 }
  }

  static let bars = BarChart(
    "Images per class", axis: Axis("images", format: .whole), categories: classNames, series: ["train", "test"],
    values: [(0..<10).map { 5000 + 100 * Double($0) }, (0..<10).map { _ in 1000 }])

  static let histogram = Histogram(
    "Pixel values", x: Axis("value", format: .whole, range: 0...256), y: Axis("share", format: .percent),
    series: [
      .init("train", heights: (0..<32).map { 0.02 + 0.05 / Double($0 + 1) }),
      .init("test", heights: (0..<32).map { 0.02 + 0.04 / Double($0 + 1) }),
    ])

  static let scatter = ScatterChart(
    "Features", x: Axis("first component"), y: Axis("second component"),
    series: classNames.enumerated().map { index, name in
      ScatterChart.Series(name, points: (0..<60).map { point($0, around: index) })
    })

  private static func point(_ number: Int, around index: Int) -> Point {
    let center = Point(Double(index % 4) * 3, Double(index / 4) * 4)
    return Point(center.x + Double(number * 37 % 60) / 25, center.y + Double(number * 23 % 60) / 20)
  }

  static let reliability = ReliabilityDiagram(
    "Calibration",
    bins: (0..<15).map { bin in
      let confidence = (Double(bin) + 0.5) / 15
      return .init(count: bin * bin, confidence: confidence, accuracy: confidence * 0.9)
    })

  /// A gray disk on black, with a width and height in pixels.
  static func disk(_ size: Int = 28) -> Bitmap {
    Bitmap(
      width: size, height: size,
      pixels: (0..<size * size).map { place in
        let (x, y) = (Double(place % size) - 13.5, Double(place / size) - 13.5)
        return UInt8(max(0, 255 - (x * x + y * y) * 1.6))
      })
  }

  static let grid = ImageGrid(
    "Mistakes",
    tiles: (0..<10).map { number in
      ImageGrid.Tile(
        disk(), captions: [.init("Shirt \(number)"), .init("T-shirt/top 98 %", .bad)], tip: "number \(number)")
    }, columns: 5)

  static let all: [(name: String, chart: any Chart)] = [
    ("curves", curves), ("matrix", matrix), ("bars", bars), ("histogram", histogram), ("scatter", scatter),
    ("reliability", reliability), ("grid", grid),
  ]
}
