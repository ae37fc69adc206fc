internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs
internal import Support

extension RunReport {
  /// How many images the chart of features has: more points would only hide each other.
  private static let featureCount = 1200
  /// With more classes than this, the table has only those with the lowest F1.
  private static let classLimit = 50

  /// The quality: overall and per-class figures, confusion, calibration, features.
  func evaluationBlocks() throws -> [ReportBlock] {
    let report = evaluation.report
    let macro = [report.macro.precision, report.macro.recall, report.macro.f1].map { NumberText.fixed($0, decimals: 4) }
    var facts: [ReportBlock.Fact] = [
      .init("images", NumberText.grouped(report.count)),
      .init("correct predictions", NumberText.grouped(report.correct)),
      .init("top-3 accuracy", NumberText.percent(report.top3)),
      .init("macro precision", macro[0]), .init("macro recall", macro[1]), .init("macro F1", macro[2]),
      .init("expected calibration error", NumberText.percent(report.expectedCalibrationError)),
    ]
    if let before = evaluation.uncalibratedReport {
      let error = NumberText.percent(before.expectedCalibrationError)
      facts.append(.init("temperature", NumberText.fixed(evaluation.temperature.value, decimals: 4)))
      facts.append(
        .init("without it", "loss \(NumberText.fixed(before.loss, decimals: 4)), calibration error \(error)"))
    }
    var figures = [
      (
        try Panels("", charts: [ReliabilityDiagram("Calibration", bins: report.reliabilityBins, size: Size(360, 360))])
          .reportDrawing("Reliability diagram"),
        "Accuracy at each level of confidence."
      )
    ]
    if let features = try featureChart() {
      figures.append(
        (
          try Panels("", charts: [features]).reportDrawing("Features before the last layer"),
          "The inputs of the last layer for \(NumberText.grouped(min(Self.featureCount, report.count))) \(splitName) images, along "
            + "the two directions of largest variance\(features.unnamedKinds)."
        ))
    }
    let classes = report.classesOfMatrix
    let matrix = ReportMatrix(
      classNames: classes.map { evaluation.classNames[$0] }, counts: report.matrix(of: classes),
      totals: classes.map { report.perClass[$0].support }, labels: classes)
    var blocks: [ReportBlock] = [.facts(facts), .heading("By class")]
    if report.perClass.count > Self.classLimit {
      let all = NumberText.grouped(report.perClass.count)
      blocks.append(.paragraph("The \(Self.classLimit) of \(all) classes with the lowest F1."))
    }
    blocks += [.table(classTable), .heading("Confusion")]
    if let part = report.partOfMatrix { blocks.append(.paragraph("These are \(part).")) }
    // Without mistakes, no classes are confused.
    blocks.append(.columns([.matrix(matrix)] + (report.correct < report.count ? [.table(confusedTable)] : [])))
    return blocks + [.heading("Confidence and features"), .figures(figures)]
  }

  private var classTable: ReportTable {
    let all = evaluation.report.perClass
    // Sorting is stable: of equal classes the first comes first.
    let shown = all.count > Self.classLimit ? Array(all.sorted { $0.f1 < $1.f1 }.prefix(Self.classLimit)) : all
    return ReportTable(
      "Figures by class",
      columns: [
        .init("class", isNumeric: false), .init("precision"), .init("recall"), .init("F1"), .init("images"),
      ],
      rows: shown.map { figures in
        [figures.name] + [figures.precision, figures.recall, figures.f1].map { NumberText.fixed($0, decimals: 4) }
          + [NumberText.grouped(figures.support)]
      })
  }

  private var confusedTable: ReportTable {
    ReportTable(
      "Most confused pairs",
      columns: [.init("most confused", isNumeric: false), .init("predicted as", isNumeric: false), .init("images")],
      rows: evaluation.report.mostConfused(8).map { pair in
        [evaluation.classNames[pair.label], evaluation.classNames[pair.answer], NumberText.grouped(pair.count)]
      })
  }

  /// The chart of the features; nil for models without features.
  private func featureChart() throws -> ScatterChart? {
    let all = evaluation.data.source
    let source = try SampleSource(
      all.set, indices: Array(all.indices.prefix(Self.featureCount)), normalization: all.normalization, seed: 0)
    do {
      let map = try FeatureMap(evaluation.network, source, threads: evaluation.threads, checkpoint: history.path)
      var chart = ScatterChart(map, classNames: evaluation.classNames)
      chart.title = "Features"
      chart.size = Size(360, 400)
      return chart
    } catch is Failure {
      // If it cannot be drawn, the page omits it; its own verb says why.
      return nil
    }
  }
}
