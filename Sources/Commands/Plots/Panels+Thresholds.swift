internal import Figures
internal import JacquardEngine
internal import Runs
internal import Support

/// A figure with one curve per class, over all thresholds of its probability.
enum ThresholdFigure {
  /// The share of a class that is found, over the share of other images that are mistaken for it.
  case roc
  /// The precision over the recall.
  case precisionRecall

  /// With more classes, those with the smallest areas are drawn.
  private static let mostClasses = 20
  /// More points would lie on each other.
  private static let mostPoints = 400

  /// The figure of an evaluation.
  func panels(_ evaluation: Evaluation) -> Panels {
    let names = evaluation.classNames
    let probabilities = evaluation.predictions.probabilities(classes: names.count)
    let labels = evaluation.predictions.labels
    var curves: [(name: String, area: Double, points: [Point])] = []
    for (choice, name) in names.enumerated() {
      let found = ThresholdCurves(probabilities, labels: labels, classes: names.count, class: choice)
      let (area, points): (Double?, [Point]) =
        switch self {
        case .roc: (found.area, found.rates.map { Point($0.mistaken, $0.found) })
        case .precisionRecall: (found.averagePrecision, found.precisions.map { Point($0.recall, $0.precision) })
        }
      if let area { curves.append((name, area, Self.thinned(points))) }
    }
    let mean = curves.isEmpty ? 0 : curves.reduce(0) { $0 + $1.area } / Double(curves.count)
    let isPart = curves.count > Self.mostClasses
    // Sorting is stable.
    let shown = isPart ? Array(curves.sorted { $0.area < $1.area }.prefix(Self.mostClasses)) : curves
    let measure = self == .roc ? "area under the curve" : "average precision"
    return Panels(
      self == .roc ? "Found and mistaken images at all thresholds" : "Precision and recall at all thresholds",
      subtitle: "\(evaluation.title): mean \(measure) of the classes \(NumberText.fixed(mean, decimals: 4))"
        + (isPart ? "; the \(Self.mostClasses) classes with the smallest" : ""),
      charts: [
        LineChart(
          "",
          x: self == .roc
            ? Axis("other images mistaken for the class", format: .percent, range: 0...1)
            : Axis("recall", format: .percent, range: 0...1),
          y: self == .roc
            ? Axis("images of the class found", format: .percent, range: 0...1)
            : Axis("precision", format: .percent, range: 0...1),
          series: shown.map {
            LineChart.Series(
              "\($0.name) \(NumberText.fixed($0.area, decimals: 3))", points: $0.points, isMarked: false)
          }, size: Size(620, 560))
      ])
  }

  /// At most `mostPoints` of the points, with the first and the last.
  private static func thinned(_ points: [Point]) -> [Point] {
    guard points.count > mostPoints else { return points }
    return (0..<mostPoints).map { points[$0 * (points.count - 1) / (mostPoints - 1)] }
  }
}
