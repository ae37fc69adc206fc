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

  /// A part of a run's record, drawn as one line; its dash pattern is the same for every run.
  private struct Part: Sendable {
    let name: String
    let dashes: Int
    /// The marker of the part's points in every run; nil for the run's marker.
    let marker: Marker?
    let scores: @Sendable (RunHistory) -> [(epoch: Int, score: EpochSummary.Score?)]

    static let all = [
      Part(name: "train", dashes: 1, marker: nil) { run in run.epochs.map { ($0.number, $0.training) } },
      Part(name: "validation", dashes: 0, marker: nil) { run in run.epochs.map { ($0.number, $0.validation) } },
      // A single point: a marker without a line.
      Part(name: "test", dashes: 2, marker: .star) { run in
        run.testScore.map { [(run.epochs.last?.number ?? 0, $0)] } ?? []
      },
    ]

    /// The part's entry in the legend of several runs.
    var key: LineChart.Key {
      marker.map { LineChart.Key(name, marker: $0) } ?? LineChart.Key(name, dashes: dashes)
    }

    func isPart(of run: RunHistory) -> Bool { scores(run).contains { $0.score != nil } }
  }

  /// The charts of losses and accuracies. A single run has a color per part; with several runs, each run has a color and each part a dash
  /// pattern.
  static func curveCharts(_ runs: [RunHistory], size: Size = Size(460, 320)) -> [LineChart] {
    let isAlone = runs.count == 1
    let labels = runs.labels
    func series(_ value: (EpochSummary.Score) -> Double) -> [LineChart.Series] {
      runs.enumerated().flatMap { index, run in
        Part.all.enumerated().compactMap { place, part -> LineChart.Series? in
          let points = part.scores(run).compactMap { epoch, score in score.map { Point(Double(epoch), value($0)) } }
          if points.isEmpty { return nil }
          if isAlone { return LineChart.Series(part.name, points: points, color: place, dashes: part.dashes) }
          return LineChart.Series(
            "\(labels[index]), \(part.name)", points: points, color: index, dashes: part.dashes,
            marker: part.marker ?? .series(index))
        }
      }
    }
    let keys =
      runs.indices.map { LineChart.Key(labels[$0], color: $0, dashes: 0, marker: .series($0)) }
      + Part.all.filter { runs.contains(where: $0.isPart) }.map(\.key)
    let epochs = Axis("epoch", format: .whole)
    func chart(_ title: String, _ axis: Axis, _ value: (EpochSummary.Score) -> Double) -> LineChart {
      LineChart(title, x: epochs, y: axis, series: series(value), keys: isAlone ? nil : keys, size: size)
    }
    return [
      chart("Loss", Axis("mean loss"), \.loss), chart("Accuracy", Axis("accuracy", format: .percent), \.accuracy),
    ]
  }

  /// The learning rates of runs, by step.
  package static func schedule(_ runs: [RunHistory]) -> Panels {
    Panels("Learning rate", subtitle: subtitle(runs), charts: scheduleChart(runs).map { [$0] } ?? [])
  }

  /// The chart of the learning rates; nil if no run has finished an epoch.
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
    return
      "\(run.path): \(settings.statedModel ?? settings.source ?? settings.model), \(optimizer), batch \(settings.batchSize), seed \(settings.seed)"
  }
}

extension [RunHistory] {
  /// Distinct names of the runs: the last parts of their paths, or the whole paths if those are equal.
  fileprivate var labels: [String] {
    Set(map(\.name)).count == count ? map(\.name) : map(\.path)
  }
}

extension RunHistory {
  /// Loss and accuracy on the test set; nil before the end of the run, or if the test set was left out.
  var testScore: EpochSummary.Score? {
    guard let test = record["result"]?["test"], let loss = test["loss"]?.double,
      let accuracy = test["accuracy"]?.double
    else { return nil }
    return .init(loss: loss, accuracy: accuracy)
  }
}
