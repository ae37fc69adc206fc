internal import Datasets
internal import Figures
internal import Runs
internal import Support

extension RunReport {
  /// The number of images shown per class.
  private static let samplesPerClass = 11
  /// The number of classes shown with images: those of a thousand would fill most of the page.
  private static let shownClasses = 40

  /// The data: counts, values, samples and means.
  func dataBlocks() throws -> [ReportBlock] {
    let training = data.splits[0].set
    let facts = data.splits.flatMap { split -> [ReportBlock.Fact] in
      let shape = split.set.shape
      func text(_ moment: (ImageStatistics.Moments) -> Double) -> String {
        split.statistics.channels.map { NumberText.fixed(moment($0), decimals: 4) }.joined(separator: " ")
      }
      return [
        .init(
          "\(split.name) images",
          "\(NumberText.grouped(split.set.count)) of \(shape.height) × \(shape.width)"
            + (shape.channels == 1 ? "" : " × \(shape.channels)")),
        .init("\(split.name) pixels", "mean \(text(\.mean)), deviation \(text(\.deviation))"),
        .init("repeated in \(split.name)", split.repetitions.text),
      ]
    }
    let samples = zip(training.classNames, training.firstOfEachClass(Self.samplesPerClass)).prefix(Self.shownClasses)
      .map { name, indices in
        ImageGrid.Row(
          name,
          tiles: indices.map { index in
            .init(
              Bitmap(training.shape, pixels: training.pixels(at: index)), captions: [.init("\(index)", .muted)],
              tip: "\(name), image \(index) of train")
          })
      }
    let means = zip(training.classNames, training.classMeans).prefix(Self.shownClasses).map { name, pixels in
      ImageGrid.Tile(
        Bitmap(training.shape, pixels: pixels), captions: [.init(name)], tip: "mean image of \(name)")
    }
    return [
      .facts(facts + (data.shared.map { [.init("test images in train", $0.text)] } ?? [])),
      .figures([
        (
          try Panels("", charts: [balance]).reportDrawing("Images per class"),
          "Images per class"
            + (training.classNames.count > Self.shownClasses ? ", of the first ones." : ".")
        ),
        (
          try Panels("", charts: [values]).reportDrawing("Pixel values"),
          "How often the pixel values from 1 to 255 occur; 0, often the background, is left out."
        ),
      ]),
      .heading(
        training.classNames.count > Self.shownClasses ? "Samples of the first \(Self.shownClasses) classes" : "Samples"),
      .gallery(ReportGallery(rows: samples, imageWidth: 56)),
      .heading("Mean image of each class"),
      .gallery(ReportGallery(rows: [.init(tiles: means)], imageWidth: 84)),
    ]
  }

  private var balance: BarChart {
    BarChart(
      "", axis: Axis("images", format: .whole),
      categories: Array(data.splits[0].set.classNames.prefix(Self.shownClasses)),
      series: data.splits.map(\.name),
      values: data.splits.map { $0.statistics.classCounts.prefix(Self.shownClasses).map(Double.init) },
      width: 360)
  }

  private var values: Histogram {
    let series = data.splits.map { split in
      let total = Double(max(1, split.set.images.count))
      let bins = stride(from: 0, to: 256, by: 8).map { first in
        (max(1, first)..<first + 8).reduce(0) { $0 + split.statistics.histogram[$1] }
      }
      return Histogram.Series(split.name, heights: bins.map { Double($0) / total })
    }
    return Histogram(
      "", x: Axis("value", format: .whole, range: 0...256), y: Axis("share of the pixels", format: .percent),
      series: series, size: Size(360, 300))
  }
}

extension Panels {
  /// The figure for a report: without a title, which the report adds, and without a margin.
  func reportDrawing(_ title: String) throws(FigureError) -> Drawing {
    try drawing(margin: 4, described: title)
  }
}
