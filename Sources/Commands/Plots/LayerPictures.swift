internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs

/// The output of each layer of a network for one image, as rows of pictures.
struct LayerPictures {
  /// One row per layer: its first channels, on a common scale; a vector is one picture, as square as possible.
  let rows: [ImageGrid.Row]
  /// The class probabilities.
  let probabilities: [Double]

  /// Computes the layers.
  ///
  /// - Parameters:
  ///   - input: The image, as the only sample of a source.
  ///   - channels: The number of channels shown per layer.
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
      // This prediction cannot be stopped, so it always has a result.
      output = Predictor(part, team: team, chunk: 1).logits(of: input)?.logits ?? []
      // These pass their input on, so they would show the same again.
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
  /// The number of channels shown per layer.
  private static let channelLimit = 12
  /// The most classes whose probabilities are shown.
  private static let classLimit = 20

  /// The output of each layer for one image, then the class probabilities.
  ///
  /// - Parameters:
  ///   - input: The image, as the only sample of a source.
  ///   - name: The image's name.
  static func activations(_ network: Network, _ input: SampleSource, name: String, checkpoint: String) throws -> Panels
  {
    let layers = try LayerPictures(network, input, channels: channelLimit)
    let probabilities = layers.probabilities
    let classes =
      probabilities.count <= classLimit
      ? Array(probabilities.indices)
      : Array(probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }.prefix(classLimit))
    let bars = BarChart(
      classes.count < probabilities.count ? "The \(classes.count) most probable classes" : "Prediction",
      axis: Axis("probability", format: .percent, range: 0...1),
      categories: classes.map { network.model.classNames[$0] }, series: [""],
      values: [classes.map { probabilities[$0] }], width: 340)
    let isPart = layers.rows.contains { $0.tiles.count == channelLimit }
    return Panels(
      "From layer to layer",
      subtitle: "\(checkpoint): \(network.model.name), \(name)"
        + (isPart ? ", at most \(channelLimit) channels of each layer" : ""),
      charts: [ImageGrid("", rows: layers.rows, imageWidth: 40, gap: 6), bars])
  }
}
