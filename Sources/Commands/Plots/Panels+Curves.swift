internal import Benchmarking
package import Figures
internal import JacquardEngine
package import Runs
internal import Support

extension Panels {
  /// Losses and accuracies of runs over their epochs.
  package static func curves(_ runs: [RunHistory]) -> Panels {
    Panels(title(runs), subtitle: subtitle(runs), charts: curveCharts(runs))
  }

  /// The charts of losses and of accuracies.
  static func curveCharts(_ runs: [RunHistory], size: Size = Size(460, 320)) -> [LineChart] {
    let isAlone = runs.count == 1
    func series(_ value: (EpochSummary.Score) -> Double) -> [LineChart.Series] {
      runs.enumerated().flatMap { index, run -> [LineChart.Series] in
        func line(
          _ part: String, color: Int, dashes: Int, _ scores: [(Int, EpochSummary.Score?)]
        ) -> [LineChart.Series] {
          let points = scores.compactMap { epoch, score in score.map { Point(Double(epoch), value($0)) } }
          if points.isEmpty { return [] }
          let name = isAlone ? part : "\(runs.labels[index]), \(part)"
          return [LineChart.Series(name, points: points, color: isAlone ? color : index, dashes: dashes)]
        }
        let test = run.testScore.map { [(run.epochs.last?.number ?? 0, Optional($0))] } ?? []
        return line("train", color: 0, dashes: 1, run.epochs.map { ($0.number, $0.training) })
          + line("validation", color: 1, dashes: 0, run.epochs.map { ($0.number, $0.validation) })
          + line("test", color: 2, dashes: 2, test)
      }
    }
    let epochs = Axis("epoch", format: .whole)
    return [
      LineChart("Loss", x: epochs, y: Axis("mean loss"), series: series(\.loss), size: size),
      LineChart("Accuracy", x: epochs, y: Axis("accuracy", format: .percent), series: series(\.accuracy), size: size),
    ]
  }

  /// The learning rates of runs over their steps.
  package static func schedule(_ runs: [RunHistory]) -> Panels {
    Panels("Learning rate", subtitle: subtitle(runs), charts: scheduleChart(runs).map { [$0] } ?? [])
  }

  /// The chart of the learning rates; nil where no run has finished an epoch.
  static func scheduleChart(_ runs: [RunHistory]) -> LineChart? {
    let series = runs.enumerated().flatMap { index, run -> [LineChart.Series] in
      guard let rates = run.rates else { return [] }
      let stride = max(1, rates.steps / 400)
      let steps = Swift.stride(from: 0, to: rates.steps, by: stride)
      let name =
        runs.count == 1 ? run.settings.schedule.rawValue : "\(runs.labels[index]), \(run.settings.schedule.rawValue)"
      return [
        LineChart.Series(
          name, points: steps.map { Point(Double($0 + 1), rates.ofStep($0)) }, color: index, dashes: index,
          isMarked: false)
      ]
    }
    if series.isEmpty { return nil }
    return LineChart(
      "", x: Axis("step", format: .whole), y: Axis("learning rate"), series: series, size: Size(620, 360))
  }

  private static func title(_ runs: [RunHistory]) -> String {
    runs.count == 1 ? "Learning curves" : "Learning curves of \(runs.count) runs"
  }

  private static func subtitle(_ runs: [RunHistory]) -> String {
    guard let run = runs.first, runs.count == 1 else { return runs.labels.joined(separator: ", ") }
    let settings = run.settings
    let optimizer =
      "\(settings.optimizer.rawValue), learning rate \(settings.learningRate), \(settings.schedule.rawValue)"
    return "\(run.path): \(settings.model), \(optimizer), batch \(settings.batchSize), seed \(settings.seed)"
  }
}

extension [RunHistory] {
  /// Names that tell the runs apart: the last parts of their paths, or the whole paths where those are the same.
  fileprivate var labels: [String] {
    Set(map(\.name)).count == count ? map(\.name) : map(\.path)
  }
}

extension RunHistory {
  /// Loss and accuracy on the test set; nil before the end, or where it was left out.
  var testScore: EpochSummary.Score? {
    guard let test = record["result"]?["test"], let loss = test["loss"]?.double,
      let accuracy = test["accuracy"]?.double
    else { return nil }
    return .init(loss: loss, accuracy: accuracy)
  }
}
