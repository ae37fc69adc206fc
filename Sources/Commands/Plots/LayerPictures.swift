internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs

/// What each layer of a network makes of one image, as rows of pictures.
struct LayerPictures {
  /// A row per layer: its first channels, all on one scale; a vector is one picture, as square as it can be.
  let rows: [ImageGrid.Row]
  /// The probabilities of the classes.
  let probabilities: [Double]

  /// Computes the layers.
  ///
  /// - Parameters:
  ///   - input: The image, as the only sample of a source.
  ///   - channels: How many channels of a layer are shown.
  init(_ network: Network, _ input: SampleSource, channels: Int) throws {
    let team = WorkerTeam(threads: 1)
    var rows: [ImageGrid.Row] = []
    if [1, 3].contains(input.set.shape.channels), let index = input.indices.first {
      let image = Bitmap(input.set.shape, pixels: input.set.pixels(at: Int(index)))
      rows.append(.init("input \(input.shape)", tiles: [.init(image, tip: "the image")]))
    }
    var output: [Float] = []
    for (index, layer) in network.model.layers.enumerated() {
      let part = try network.prefix(layers: index + 1)
      // Nothing stops this prediction, so there always is one.
      output = Predictor(part, team: team, chunk: 1).logits(of: input)?.logits ?? []
      // Those that only hand on what they get would show the same again.
      if ["flatten", "dropout"].contains(type(of: layer).type) { continue }
      rows.append(Self.row(network.layerNames[index], output, part.outputShape, channels: channels))
    }
    var shares = [Float](repeating: 0, count: output.count)
    var target = shares.mutableSpan
    SoftmaxCrossEntropy.softmax(output.span, into: &target)
    self.rows = rows
    probabilities = shares.map(Double.init)
  }

  /// A layer's output `[height][width][channels]`.
  private static func row(_ name: String, _ values: [Float], _ shape: Shape, channels: Int) -> ImageGrid.Row {
    let finite = values.filter(\.isFinite)
    let range = (finite.min() ?? 0)...(finite.max() ?? 0)
    guard shape.isImage, shape.pixels > 1 else {
      var width = 1
      while width * width < values.count { width += 1 }
      let height = (values.count + width - 1) / width
      let padding = Array(repeating: range.lowerBound, count: width * height - values.count)
      let picture = Bitmap(width: width, height: height, values: values + padding, range: range)
      return .init("\(name) \(shape)", tiles: [.init(picture, tip: name)])
    }
    return .init(
      "\(name) \(shape)",
      tiles: (0..<min(channels, shape.channels)).map { channel in
        let plane = stride(from: channel, to: values.count, by: shape.channels).map { values[$0] }
        let picture = Bitmap(width: shape.width, height: shape.height, values: plane, range: range)
        return .init(picture, tip: "\(name), channel \(channel)")
      })
  }
}

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
