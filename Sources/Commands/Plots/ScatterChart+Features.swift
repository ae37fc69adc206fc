internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs
internal import Support

extension ScatterChart {
  /// The most features for which components are computed: their covariance has as many rows and columns.
  private static let dimensionLimit = 4096

  /// The inputs of a network's last layer for some images, along the two directions of largest variance.
  ///
  /// - Throws: a `Failure` if the network has no such inputs, too many, or ones that are not finite.
  static func features(
    _ network: Network, _ source: SampleSource, threads: Int, checkpoint: String
  ) throws -> ScatterChart {
    let layers = network.model.layers.count
    guard layers > 1 else {
      throw Failure(
        .usage,
        "\(checkpoint): the model \"\(network.model.name)\" has a single layer, so it has no features before the last layer."
      )
    }
    let part = try network.prefix(layers: layers - 1)
    let dimensions = part.outputShape.count
    guard 2...dimensionLimit ~= dimensions else {
      throw Failure(
        .usage,
        "\(checkpoint): the last layer of \"\(network.model.name)\" sees \(dimensions) features; "
          + "2 to \(dimensionLimit) can be drawn.")
    }
    let predictor = Predictor(part, team: try WorkerTeam.started(threads: threads, isNamed: false))
    // This prediction cannot be stopped, so it always has a result.
    let features = predictor.logits(of: source) ?? Predictions(logits: [], labels: [])
    guard features.logits.allSatisfy(\.isFinite) else {
      throw Failure(
        .badData,
        "\(checkpoint): some features are not finite numbers; the weights are broken; train again with a lower --lr.")
    }
    let components = try PrincipalComponents(features.logits, dimensions: dimensions, count: 2)
    var points = [[Point]](repeating: [], count: network.model.classNames.count)
    for (place, label) in features.labels.enumerated() {
      points[Int(label)].append(
        Point(Double(components.coordinates[2 * place]), Double(components.coordinates[2 * place + 1])))
    }
    func axis(_ name: String, _ index: Int) -> Axis {
      Axis("\(name) component, \(NumberText.percent(components.shares[index], decimals: 1)) of the variance")
    }
    return ScatterChart(
      "", x: axis("first", 0), y: axis("second", 1),
      series: zip(network.model.classNames, points).map { Series($0, points: $1) })
  }
}

extension ScatterChart {
  /// The end of a caption, for a chart of too many classes to name.
  var unnamedKinds: String {
    series.count > Self.mostNames ? "; the markers of the \(NumberText.grouped(series.count)) classes repeat" : ""
  }
}

extension Panels {
  /// The inputs of a network's last layer for some images, in two dimensions.
  static func features(
    _ network: Network, _ source: SampleSource, threads: Int, checkpoint: String, split: EvaluationSplit
  ) throws -> Panels {
    let chart = try ScatterChart.features(network, source, threads: threads, checkpoint: checkpoint)
    let dimensions = try network.prefix(layers: network.model.layers.count - 1).outputShape.count
    return Panels(
      "Features before the last layer",
      subtitle: "\(checkpoint): \(network.model.name), \(dimensions) features of "
        + "\(NumberText.grouped(source.count)) \(split.rawValue) images" + chart.unnamedKinds,
      charts: [chart])
  }
}
