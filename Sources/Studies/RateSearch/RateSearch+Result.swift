package import Figures
internal import Glibc
package import JacquardEngine
package import Runs
package import Support

extension RateSearch {
  /// The result of a test.
  package struct Result {
    /// Why it ended.
    package enum End: String {
      /// All rates were tried.
      case range
      /// The loss rose to several times its minimum.
      case divergence
      /// The loss or gradient was not finite.
      case notFinite = "not_finite"
    }

    package let model: String
    package let parameters: Int
    package let settings: TrainSettings
    package let threads: Int
    package let rates: ClosedRange<Double>
    package let steps: Int
    package let end: End
    package let points: [RateRangeTest.Point]
    package let finding: RateRangeTest.Finding
    package let seconds: Double

    /// The rate to train with; nil if the loss hardly falls.
    package var suggestion: Double? { finding.suggestion.map(RateSearch.rounded) }
    private var lowest: Double { RateSearch.rounded(finding.lowest) }

    /// The figures for people.
    package var pairs: [(name: String, value: String)] {
      let last = points.last.map { RateSearch.text($0.rate) } ?? ""
      let ending =
        switch end {
        case .range: "all rates were tried"
        case .divergence: "the loss diverged at \(last)"
        case .notFinite: "the loss or gradient was not finite after \(last)"
        }
      return [
        ("model", "\(model), \(NumberText.grouped(parameters)) parameters"),
        ("optimizer", "\(settings.optimizer.rawValue), batch \(settings.batchSize)"),
        ("steps", "\(points.count) of \(steps); \(ending)"), ("lowest loss at", RateSearch.text(finding.lowest)),
        ("suggested rate", suggestion.map(RateSearch.text) ?? "none: the loss hardly falls"),
      ]
    }

    /// The result for programs.
    package var json: JSONValue {
      [
        "schema": 1, "model": .string(model), "parameters": .integer(parameters),
        "optimizer": .string(settings.optimizer.rawValue), "batch_size": .integer(settings.batchSize),
        "seed": .integer(Int(settings.seed)), "threads": .integer(threads), "from": .number(rates.lowerBound),
        "to": .number(rates.upperBound), "steps": .integer(points.count), "ended_by": .string(end.rawValue),
        "suggestion": suggestion.map(JSONValue.number) ?? .null, "lowest_loss_at": .number(lowest),
        "seconds": .significant(seconds),
        "points": .array(
          zip(points, finding.smoothed).map { point, smoothed in
            [
              "lr": .significant(point.rate), "loss": .significant(point.loss),
              "smoothed_loss": .significant(smoothed),
            ]
          }),
      ]
    }

    /// All steps as a table, for programs.
    package var csv: String {
      let rows = zip(points, finding.smoothed).enumerated().map { index, pair in
        "\(index + 1),\(Float(pair.0.rate)),\(Float(pair.0.loss)),\(Float(pair.1))"
      }
      return (["step,learning_rate,loss,smoothed_loss"] + rows).map { $0 + "\n" }.joined()
    }

    /// The losses by rate, with the suggested rate.
    package var panels: Panels {
      let range = plotted
      // A diverged loss would flatten everything else, so the lines end there.
      let high = (finding.smoothed.first ?? 0) * 1.5
      func shown(_ loss: Double) -> Double { loss <= high ? loss : .nan }
      let places = zip(points, finding.smoothed).map { (Self.exponent($0.0.rate), $0.0.loss, $0.1) }
      var series = [
        LineChart.Series(
          "smoothed loss", points: places.map { Point($0.0, shown($0.2)) }, color: 0, dashes: 0, isMarked: false),
        LineChart.Series(
          "loss of the batch", points: places.map { Point($0.0, shown($0.1)) }, color: 1, dashes: 1, isMarked: false
        ),
      ]
      if let suggestion = finding.suggestion, let place = points.firstIndex(where: { $0.rate == suggestion }) {
        series.append(
          LineChart.Series(
            "suggested: \(RateSearch.text(suggestion))",
            points: [Point(Self.exponent(suggestion), shown(finding.smoothed[place]))], color: 2, dashes: 0,
            isMarked: true))
      }
      return Panels(
        "Learning-rate range test", subtitle: "\(model), \(settings.optimizer.rawValue), batch \(settings.batchSize)",
        charts: [
          LineChart(
            "", x: Axis("learning rate", format: .powerOfTen, range: range), y: Axis("mean loss"), series: series,
            size: Size(620, 380))
        ])
    }

    private var plotted: ClosedRange<Double> {
      let (first, last) = (Self.exponent(points.first?.rate ?? 1), Self.exponent(points.last?.rate ?? 1))
      return first...max(first, last)
    }

    private static func exponent(_ rate: Double) -> Double { log10(rate) }
  }
}
