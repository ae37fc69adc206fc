internal import Datasets
internal import Figures
internal import Jacquard

extension Panels {
  /// What each layer makes of one image: its first channels as pictures, then the probabilities of the classes.
  ///
  /// - Parameters:
  ///   - input: The image, as the only sample of a source.
  ///   - name: What the image is called.
  static func activations(_ network: Network, _ input: SampleSource, name: String, checkpoint: String) throws -> Panels
  {
    let samples = EvaluationSamples(input)
    let team = WorkerTeam(threads: 1)
    var rows: [ImageGrid.Row] = []
    if [1, 3].contains(input.set.shape.channels) {
      rows.append(
        .init("input \(samples.shape)", tiles: [.init(Bitmap(input.set.shape, pixels: input.set.pixels(at: 0)))]))
    }
    var logits: [Float] = []
    for (index, layer) in network.model.layers.enumerated() {
      let part = try network.prefix(layers: index + 1)
      logits = Predictor(part, team: team, chunk: 1).logits(of: samples)?.logits ?? []
      // Those that only hand on what they get would show the same again.
      if ["flatten", "dropout"].contains(type(of: layer).type) { continue }
      rows.append(row("\(network.layerNames[index]) \(part.outputShape)", logits, part.outputShape))
    }
    var probabilities = [Float](repeating: 0, count: logits.count)
    var target = probabilities.mutableSpan
    SoftmaxCrossEntropy.softmax(logits.span, into: &target)
    let bars = BarChart(
      "Answer", axis: Axis("probability", format: .percent, range: 0...1), categories: network.model.classNames,
      series: [""], values: [probabilities.map(Double.init)], width: 340)
    return Panels(
      "From layer to layer", subtitle: "\(checkpoint): \(network.model.name), \(name)",
      charts: [ImageGrid("", rows: rows, imageWidth: 40, gap: 6), bars])
  }

  /// How many channels of a layer are shown.
  private static let channelLimit = 12

  /// A layer's output `[height][width][channels]`, all pictures on one scale; a vector becomes one picture, as square as it can be.
  private static func row(_ name: String, _ values: [Float], _ shape: Shape) -> ImageGrid.Row {
    let range = (values.min() ?? 0)...(values.max() ?? 0)
    guard shape.isImage, shape.pixels > 1 else {
      var width = 1
      while width * width < values.count { width += 1 }
      let height = (values.count + width - 1) / width
      let padding = Array(repeating: range.lowerBound, count: width * height - values.count)
      return .init(name, tiles: [.init(Bitmap(width: width, height: height, values: values + padding, range: range))])
    }
    return .init(
      name,
      tiles: (0..<min(channelLimit, shape.channels)).map { channel in
        let plane = stride(from: channel, to: values.count, by: shape.channels).map { values[$0] }
        return .init(Bitmap(width: shape.width, height: shape.height, values: plane, range: range))
      })
  }
}
