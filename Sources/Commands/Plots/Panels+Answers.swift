internal import Support
internal import Figures
internal import JacquardEngine

extension Panels {
  /// How often images of each class were taken for each class.
  static func confusion(_ evaluation: Evaluation, isNormalized: Bool) -> Panels {
    let kind = isNormalized ? "in percent of each true class" : "in images"
    return Panels(
      "Confusion matrix", subtitle: "\(evaluation.title), \(kind)",
      charts: [HeatMap.confusion(evaluation.report, isNormalized: isNormalized)])
  }

  /// How often answers of each confidence are right.
  static func reliability(_ evaluation: Evaluation) -> Panels {
    let error = NumberText.percent(evaluation.report.expectedCalibrationError)
    return Panels(
      "Reliability", subtitle: "\(evaluation.title), expected calibration error \(error)",
      charts: [ReliabilityDiagram("", bins: evaluation.report.reliabilityBins)])
  }
}

extension Evaluation {
  /// Which answers a figure is about.
  var title: String {
    "\(checkpoint): \(network.model.name), \(NumberText.grouped(report.count)) images of \(split.rawValue), "
      + "accuracy \(NumberText.percent(accuracy))"
  }
}

extension HeatMap {
  /// The confusion matrix of a report. A shade grows with the square root of its share, so that few mistakes show, too.
  static func confusion(_ report: ClassificationReport, isNormalized: Bool) -> HeatMap {
    let names = report.perClass.map(\.name)
    let shares = report.confusion.map { row in
      let total = Double(max(1, row.reduce(0, +)))
      return row.map { Double($0) / total }
    }
    let largest = Double(max(1, report.confusion.joined().max() ?? 1))
    let amounts =
      isNormalized
      ? shares.map { $0.map { $0.squareRoot() } }
      : report.confusion.map { $0.map { (Double($0) / largest).squareRoot() } }
    let texts =
      isNormalized
      ? shares.map { $0.map { NumberText.fixed($0 * 100, decimals: 1) } }
      : report.confusion.map { $0.map(String.init) }
    return HeatMap(
      "", rowTitle: "true class", columnTitle: "answer", rows: names, columns: names, amounts: amounts, texts: texts)
  }
}

extension ClassificationReport {
  /// The bins of confidence as a diagram takes them.
  var reliabilityBins: [ReliabilityDiagram.Bin] {
    calibration.map { .init(count: $0.count, confidence: $0.confidence, accuracy: $0.accuracy) }
  }
}
