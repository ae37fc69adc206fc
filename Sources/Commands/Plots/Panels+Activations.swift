internal import Datasets
internal import Figures
internal import JacquardEngine

extension Panels {
  /// How many channels of a layer are shown.
  private static let channelLimit = 12

  /// What each layer makes of one image, then the probabilities of the classes.
  ///
  /// - Parameters:
  ///   - input: The image, as the only sample of a source.
  ///   - name: What the image is called.
  static func activations(_ network: Network, _ input: SampleSource, name: String, checkpoint: String) throws -> Panels
  {
    let layers = try LayerPictures(network, input, channels: channelLimit)
    let bars = BarChart(
      "Answer", axis: Axis("probability", format: .percent, range: 0...1), categories: network.model.classNames,
      series: [""], values: [layers.probabilities], width: 340)
    return Panels(
      "From layer to layer", subtitle: "\(checkpoint): \(network.model.name), \(name)",
      charts: [ImageGrid("", rows: layers.rows, imageWidth: 40, gap: 6), bars])
  }
}
