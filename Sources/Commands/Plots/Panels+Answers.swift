internal import Figures
internal import JacquardEngine
internal import Runs
internal import Support

extension Panels {
  /// How often images of each class were predicted as each class.
  static func confusion(_ evaluation: Evaluation, isNormalized: Bool) -> Panels {
    let kind = isNormalized ? "percent of each true class" : "numbers of images"
    let part = evaluation.report.partOfMatrix.map { ", \($0)" } ?? ""
    return Panels(
      "Confusion matrix", subtitle: "\(evaluation.title), \(kind)\(part)",
      charts: [HeatMap.confusion(evaluation.report, isNormalized: isNormalized)])
  }

  /// How often predictions of each confidence are right.
  static func reliability(_ evaluation: Evaluation) -> Panels {
    let error = NumberText.percent(evaluation.report.expectedCalibrationError)
    return Panels(
      "Reliability", subtitle: "\(evaluation.title), expected calibration error \(error)",
      charts: [ReliabilityDiagram("", bins: evaluation.report.reliabilityBins)])
  }
}

extension Evaluation {
  /// What a figure is based on.
  var title: String {
    "\(checkpoint): \(network.model.name), \(NumberText.grouped(report.count)) \(split.rawValue) images, "
      + "accuracy \(NumberText.percent(accuracy))"
  }
}

extension HeatMap {
  /// The confusion matrix of a report. A shade grows with the square root of its share, so that few mistakes are visible too.
  static func confusion(_ report: ClassificationReport, isNormalized: Bool) -> HeatMap {
    let classes = report.classesOfMatrix
    let names = classes.map { report.perClass[$0].name }
    let counts = report.matrix(of: classes)
    let shares = zip(classes, counts).map { label, row in
      let total = Double(max(1, report.perClass[label].support))
      return row.map { Double($0) / total }
    }
    let largest = Double(max(1, counts.joined().max() ?? 1))
    let amounts =
      isNormalized
      ? shares.map { $0.map { $0.squareRoot() } }
      : counts.map { $0.map { (Double($0) / largest).squareRoot() } }
    let texts =
      isNormalized
      ? shares.map { $0.map { NumberText.fixed($0 * 100, decimals: 1) } }
      : counts.map { $0.map(String.init) }
    return HeatMap(
      "", rowTitle: "true class", columnTitle: "predicted class", rows: names, columns: names, amounts: amounts,
      texts: texts)
  }
}

extension ClassificationReport {
  /// With more classes than this, a picture shows the most confused ones.
  private static let mostClassesOfPicture = 40
  private static let fewClasses = 30

  /// The classes that a matrix shows, in order: all, or the most confused ones.
  var classesOfMatrix: [Int] {
    guard perClass.count > Self.mostClassesOfPicture else { return Array(perClass.indices) }
    var chosen: Set<Int> = []
    for pair in mostConfused(10 * Self.fewClasses)
    where chosen.union([pair.label, pair.answer]).count <= Self.fewClasses {
      chosen.formUnion([pair.label, pair.answer])
    }
    // A model without mistakes has a matrix too.
    for label in perClass.indices where chosen.count < 2 { chosen.insert(label) }
    return chosen.sorted()
  }

  /// Which classes a matrix shows; nil for all.
  var partOfMatrix: String? {
    let shown = classesOfMatrix.count
    return shown < perClass.count ? "the \(shown) most confused of \(NumberText.grouped(perClass.count)) classes" : nil
  }

  /// How many images of some classes were predicted as each of them.
  func matrix(of classes: [Int]) -> [[Int]] {
    classes.map { label in classes.map { count(label: label, answer: $0) } }
  }

  /// The confidence bins for a diagram.
  var reliabilityBins: [ReliabilityDiagram.Bin] {
    calibration.map { .init(count: $0.count, confidence: $0.confidence, accuracy: $0.accuracy) }
  }
}
