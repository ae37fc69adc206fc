internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs
internal import Support

extension Panels {
  /// What a network's last layer sees of some images, in two dimensions.
  static func features(
    _ network: Network, _ source: SampleSource, threads: Int, checkpoint: String, split: EvaluationSplit
  ) throws -> Panels {
    let chart = try ScatterChart.features(network, source, threads: threads, checkpoint: checkpoint)
    let dimensions = try network.prefix(layers: network.model.layers.count - 1).outputShape.count
    return Panels(
      "Features before the last layer",
      subtitle: "\(checkpoint): \(network.model.name), \(dimensions) features of "
        + "\(NumberText.grouped(source.count)) images of \(split.rawValue)",
      charts: [chart])
  }
}
