import Figures

/// A report with every kind of block.
enum SampleReport {
  /// A page with a number of answers; every seventh is wrong.
  static func page(answers count: Int) throws -> ReportPage {
    let names = SampleCharts.classNames
    let answers = (0..<count).map { number in
      let label = number % 10
      let answer = number % 7 == 3 ? (label + 3) % 10 : label
      return ReportExplorer.Answer(
        item: number, label: label, answer: answer, probability: 0.5 + Double(number % 50) / 100,
        loss: answer == label ? 0.1 + Double(number % 13) / 100 : 2 + Double(number % 11) / 10)
    }
    var counts = [[Int]](repeating: Array(repeating: 0, count: 10), count: 10)
    for answer in answers { counts[answer.label][answer.answer] += 1 }
    let image = SampleCharts.disk().pixels
    let table = ReportTable(
      "Figures by class", columns: [.init("class", isNumeric: false), .init("recall"), .init("images")],
      rows: names.enumerated().map { [$1, "0.\(($0 * 7) % 10)500", "\($0 + 1),000"] })
    let tiles = (0..<20).map {
      ImageGrid.Tile(SampleCharts.disk(), captions: [.init(names[$0 % 10]), .init("98 %", .bad)], tip: "image \($0)")
    }
    return ReportPage(
      "cnn on <Fashion> & MNIST", subtitle: "runs/first, 3 of 3 epochs",
      highlights: [.init("test accuracy", "88.30 %"), .init("95 % interval", "87.66–88.92 %")],
      sections: [
        .init(
          "Data",
          [
            .facts([.init("train images", "60,000 of 28 × 28")]),
            .figures([
              (
                try Panels("", charts: [SampleCharts.bars]).drawing(margin: 4, described: "Images per class"),
                "Balance."
              )
            ]),
            .gallery(ReportGallery(rows: [.init("Shirt", tiles: tiles)], imageWidth: 56)),
          ]),
        .init(
          "Evaluation",
          [
            .heading("By class"), .table(table), .columns([.matrix(ReportMatrix(classNames: names, counts: counts))]),
            .figure(try Panels("", charts: [SampleCharts.scatter]).drawing(), caption: "Features."),
          ]),
        .init(
          "Predictions",
          [
            .paragraph("All answers."),
            .explorer(
              ReportExplorer(
                classNames: names, answers: answers, pixels: (0..<count).flatMap { _ in image }, width: 28, height: 28)),
          ]),
      ], footer: "The end.")
  }
}
